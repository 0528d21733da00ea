"""What the hold-out says of a model: quality with its uncertainty, a trivial answer beside it, where it is worse.

Works on plain data (``rows.json``), never on the model itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from handoff_ext.contracts.profile import ScoreBin
from handoff_ext.publish import scores

if TYPE_CHECKING:
    from numpy import ndarray

Task = Literal["yes/no", "classes", "number", "other"]
RESAMPLES = 200
_BINS = 10


@dataclass(frozen=True)
class Quality:
    """One metric on the hold-out with its 95 % interval (bootstrap over rows), and what a trivial answer gets."""

    name: str
    value: float
    low: float
    high: float
    baseline: float | None
    higher_is_better: bool


@dataclass(frozen=True)
class Measures:
    """Everything the hold-out says. ``positive`` is the label that a yes/no model's score is about; not ``held_out``:
    measured on the rows it was fitted on, because the run recorded no others."""

    task: Task
    rows: int
    held_out: bool = True
    qualities: tuple[Quality, ...] = ()
    slices: tuple[dict[str, Any], ...] = ()
    calibration: tuple[ScoreBin, ...] = ()
    positive: str = ""
    score_name: str = ""
    score_range: tuple[float, float] | None = None
    reason: str = ""
    primary: str = field(default="")


def measure(
    given: Mapping[str, Any], described: Mapping[str, Any], personal: Sequence[str] = (), resamples: int = RESAMPLES
) -> Measures:
    """Measure the recorded answers against what really came.

    Args:
        given: ``rows.json``: rows, recorded answers, truth.
        described: ``model.json``.
        personal: columns that no group may be named by.
        resamples: draws for the intervals, which are NaN without any.
    """
    import numpy

    from handoff_ext.publish.slices import worst_slices

    predictions, truth = given["predictions"], given.get("truth")
    task, positive = _task(described, predictions)
    name = f"probability_{positive}" if task == "yes/no" and f"probability_{positive}" in predictions else ""
    range_ = _usual(predictions.get(name or "prediction", ()))
    if not truth or "prediction" not in predictions:
        reason = "The run recorded no true answers for the hold-out." if not truth else "It gives no single answer."
        return Measures(task=task, rows=len(given["rows"]), score_name=name, score_range=range_, reason=reason)
    known = [index for index, value in enumerate(truth) if value is not None]
    right = [truth[index] for index in known]
    answers = [predictions["prediction"][index] for index in known]
    scored = numpy.array([predictions[name][index] for index in known], dtype=float) if name else None
    if task == "number":
        values = numpy.array(right, dtype=float), numpy.array(answers, dtype=float)
        qualities = _numbers(*values, given.get("baseline") or {}, resamples)
        error = numpy.abs(values[0] - values[1])
    elif task == "other":
        return Measures(task=task, rows=len(known), score_range=range_, reason="Its answers cannot be scored.")
    else:
        hits = numpy.array([_same(one, other) for one, other in zip(right, answers, strict=True)])
        positives = numpy.array([_same(value, positive) for value in right])
        qualities = _labels(right, answers, hits, positives, scored, given.get("baseline") or {}, task, resamples)
        error = 1.0 - hits
    rows = [given["rows"][index] for index in known]
    return Measures(
        task=task,
        rows=len(known),
        held_out=bool(given.get("held_out", True)),
        qualities=tuple(qualities),
        slices=tuple(worst_slices(rows, described, error, task == "number", personal)),
        calibration=tuple(_calibration(scored, positives)) if scored is not None else (),
        positive=positive,
        score_name=name,
        score_range=range_,
        primary=qualities[0].name if qualities else "",
    )


def _task(described: Mapping[str, Any], predictions: Mapping[str, Sequence[Any]]) -> tuple[Task, str]:
    classes = described.get("classes")
    if isinstance(classes, list) and classes and not isinstance(classes[0], list):
        return ("yes/no", str(classes[1])) if len(classes) == 2 else ("classes", "")
    answers = [value for value in predictions.get("prediction", ()) if value is not None]
    if not answers or (not described.get("columns") and not answers):
        return "other", ""
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in answers):
        return ("other", "") if described["model"].get("classifier") else ("number", "")
    return ("classes", "") if all(isinstance(value, str | bool) for value in answers) else ("other", "")


def _labels(
    right: list[Any],
    answers: list[Any],
    hits: ndarray,
    positives: ndarray,
    scored: ndarray | None,
    baseline: Mapping[str, Any],
    task: Task,
    draws: int,
) -> list[Quality]:
    import numpy

    quality = partial(_quality, draws)
    always = baseline.get("mode")
    lucky = float(numpy.mean([_same(value, always) for value in right])) if always is not None else None
    found = []
    if scored is not None and 0 < positives.sum() < len(positives):
        rate = float(positives.mean())
        found.append(quality("ROC AUC", lambda rows: scores.area(scored[rows], positives[rows]), len(hits), 0.5))
        brier = quality(
            "Brier score", lambda rows: float(numpy.mean((scored[rows] - positives[rows]) ** 2)), len(hits),
            rate * (1 - rate), higher=False,
        )  # fmt: skip
    found.append(quality("Accuracy", lambda rows: float(hits[rows].mean()), len(hits), lucky))
    if task == "yes/no":
        said = positives == (hits == 1)  # says yes: right and positive, or wrong and negative
        found.append(quality("Precision", lambda rows: scores.share(positives[rows], said[rows]), len(hits), None))
        found.append(quality("Recall", lambda rows: scores.share(said[rows], positives[rows]), len(hits), None))
    else:
        kinds = sorted({str(value) for value in [*right, *answers]})
        coded = (
            numpy.array([kinds.index(str(value)) for value in right]),
            numpy.array([kinds.index(str(value)) for value in answers]),
        )
        found.append(quality("Macro F1", lambda rows: scores.macro_f1(coded[0][rows], coded[1][rows]), len(hits), None))
    if scored is not None and 0 < positives.sum() < len(positives):
        found.append(brier)
    return [each for each in found if math.isfinite(each.value)]


def _numbers(truth: ndarray, answers: ndarray, baseline: Mapping[str, Any], draws: int) -> list[Quality]:
    import numpy

    quality = partial(_quality, draws)
    error = answers - truth
    median, mean = baseline.get("median"), baseline.get("mean")
    absolute = float(numpy.abs(truth - median).mean()) if median is not None else None
    square = float(numpy.sqrt(((truth - mean) ** 2).mean())) if mean is not None else None
    found = [
        quality("Mean error", lambda rows: float(numpy.abs(error[rows]).mean()), len(truth), absolute, higher=False),
        quality(
            "Root mean square error",
            lambda rows: float(numpy.sqrt((error[rows] ** 2).mean())),
            len(truth),
            square,
            higher=False,
        ),
        quality("R²", lambda rows: scores.explained(truth[rows], answers[rows]), len(truth), 0.0),
    ]
    return [each for each in found if math.isfinite(each.value)]


def _quality(draws: int, name: str, score: Any, rows: int, baseline: float | None, higher: bool = True) -> Quality:
    import numpy

    draw = numpy.random.default_rng(0)
    values = [score(draw.integers(0, rows, rows)) for _ in range(draws)]
    values = [value for value in values if math.isfinite(value)]
    low, high = numpy.quantile(values, [0.025, 0.975]) if values else (math.nan, math.nan)
    return Quality(name, float(score(numpy.arange(rows))), float(low), float(high), baseline, higher)


def _calibration(scored: ndarray, positives: ndarray) -> list[ScoreBin]:
    import numpy

    edges = numpy.linspace(0.0, 1.0, _BINS + 1)
    place = numpy.clip(numpy.digitize(scored, edges[1:-1]), 0, _BINS - 1)
    return [
        ScoreBin(
            low=round(float(edges[index]), 3),
            high=round(float(edges[index + 1]), 3),
            count=int((place == index).sum()),
            right=int(positives[place == index].sum()),
        )
        for index in range(_BINS)
        if (place == index).any()
    ]


def _usual(values: Sequence[Any]) -> tuple[float, float] | None:
    import numpy

    numbers = [float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if not numbers:
        return None
    low, high = numpy.quantile(numbers, [0.005, 0.995])
    return float(low), float(high)


def _same(one: Any, other: Any) -> bool:
    """Equal labels, however JSON, numpy or a column's name spell them: 1, 1.0, "1"; True, "True"."""
    if one == other:
        return True
    return scores.spelled(one) == scores.spelled(other)
