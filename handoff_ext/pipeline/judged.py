"""The handed-over model, its rows and its metrics, as the manifest says them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable

from handoff_ext.contracts.pipeline import Metric, Model, Rows
from handoff_ext.pipeline.events import Asked, Measured
from handoff_ext.pipeline.models import Candidate

Where = Callable[[int], tuple[str, str] | None]
"""The stage that runs a cell and the cell's id; None for a cell that no stage runs."""
_TRAINING = re.compile(r"train|(?<![a-z])x?_?tr(?![a-z])", re.I)
_HELD_OUT = re.compile(r"test|valid|(?<![a-z])x?_?(val|te|dev)(?![a-z])|hold|unseen", re.I)
_IMPURE = re.compile(r"\.(fit|fit_transform|fit_predict|fit_resample|sample|pop|partial_fit)\(")


def model_of(candidate: Candidate, where: Where) -> Model | None:
    """The manifest's model, or None where the cell that fits it is in no stage."""
    found = where(candidate.cell)
    if found is None:
        return None
    stage, cell_id = found
    methods = ["predict", *(asked.method for asked in candidate.asked if asked.method.startswith("predict_"))]
    return Model(
        variable=candidate.variable,
        stage=stage,
        cell_id=cell_id,
        methods=list(dict.fromkeys(methods)),
        train=_train(candidate, where),
        holdout=_holdout(candidate, where),
    )


def metrics_of(candidate: Candidate, where: Where) -> list[Metric]:
    """The metrics of the model, those on rows that it was not fitted on first; each name once."""
    held: list[Measured] = []
    own: list[Measured] = []
    for measured in candidate.measured:
        (own if _on_training_rows(candidate, measured) else held).append(measured)
    found: dict[str, Metric] = {}
    for measured, on_own in [*((each, False) for each in held), *((each, True) for each in own)]:
        place = where(measured.cell)
        if place is None or not measured.expression or _IMPURE.search(measured.expression):
            continue
        name = f"train {measured.name}" if on_own else measured.name
        if name not in found:
            found[name] = Metric(name=name, expression=measured.expression, stage=place[0], cell_id=place[1])
    return list(found.values())


def _train(candidate: Candidate, where: Where) -> Rows | None:
    fit = candidate.fit
    place = where(fit.cell)
    if not fit.x or place is None or not _pure(fit.x, fit.y):
        return None
    return Rows(stage=place[0], cell_id=place[1], x=fit.x, y=fit.y or None)


def _holdout(candidate: Candidate, where: Where) -> Rows | None:
    """The rows of the first question about others than the fitted ones, with the truth from a metric on its answer."""
    standing = [asked for asked in candidate.asked if asked.asks not in ("", candidate.fit.x)]
    other = [asked for asked in standing if where(asked.cell) and _pure(asked.x)]
    with_truth = [(asked, truth) for asked in other if (truth := _truth(candidate, asked))]
    for asked, truth in [*with_truth, *((asked, "") for asked in other)]:
        if _training_rows(asked.x):
            continue
        place = where(asked.cell)
        assert place is not None
        return Rows(stage=place[0], cell_id=place[1], x=asked.x, y=truth or None)
    return None


def _truth(candidate: Candidate, asked: Asked) -> str:
    if asked.y:
        return asked.y
    for measured in candidate.measured:
        if _about(candidate, measured, asked):
            others = [given for given in measured.given[:2] if not _mentions(candidate, given, asked)]
            named = [given for given in others if re.match(r"[A-Za-z_]", given) and _pure(given)]
            if named:
                return named[0]
    return ""


def _about(candidate: Candidate, measured: Measured, asked: Asked) -> bool:
    return any(_mentions(candidate, given, asked) for given in measured.given)


def _mentions(candidate: Candidate, given: str, asked: Asked) -> bool:
    if any(candidate.answers.get(name) == asked for name in _names(given)):
        return True
    return f"{asked.model}.{asked.method}({asked.x}" in given


def _on_training_rows(candidate: Candidate, measured: Measured) -> bool:
    about = [asked for asked in candidate.asked if _about(candidate, measured, asked)]
    if about:
        return all(asked.x == candidate.fit.x or _training_rows(asked.x) for asked in about)
    return bool(candidate.fit.y) and candidate.fit.y in measured.given


def _training_rows(expression: str) -> bool:
    """``X_train`` and ``X_tr_scaled``, by their names; ``X_test_transformed`` and ``X_train[test_rows]`` are none."""
    return bool(_TRAINING.search(expression)) and not _HELD_OUT.search(expression)


def _pure(*expressions: str) -> bool:
    return not any(_IMPURE.search(each) for each in expressions)


def _names(expression: str) -> Iterable[str]:
    try:
        return {each.id for each in ast.walk(ast.parse(expression, mode="eval")) if isinstance(each, ast.Name)}
    except SyntaxError:
        return ()
