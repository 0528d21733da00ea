"""A model that is never judged on rows it has not seen.

## What
A model is fitted, and nothing measures it on held-out rows: no score or metric on a test part, no cross-validation,
no validation data.

## Why
Nobody knows how good it is, and nobody will notice when it gets worse.

## Example
    model.fit(X, y)
    model.score(X, y)

## Use instead
    model.fit(X_train, y_train)
    model.score(X_test, y_test)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.facts.text import dotted
from handoff_ext.checks.fixing.draft import Draft
from handoff_ext.checks.learning.estimators import is_metric
from handoff_ext.checks.learning.events import Fit
from handoff_ext.checks.learning.hits import spot_of
from handoff_ext.checks.rule import Hit, Rule
from handoff_ext.checks.state import bound_by

_OTHER_WAYS = re.compile(
    r"validation_(?:data|split|steps)|eval_set|valid_sets|evals\s*=|cross_val|\.cv\(|oob_score|\.evaluate\(|"
    r"GridSearchCV|RandomizedSearchCV|backtest|valid_dl|DataLoaders|eval_dataset"
)


_SCORES = re.compile(
    r"\w*(?:Classifier|Regressor|Regression|Pipeline|_pipeline|SearchCV|SVC|SVR|NB|Ridge|RidgeCV|Lasso|LassoCV|ElasticNet)"
)
"""Classes whose models have ``score(X, y)``; networks and forecasters have none."""


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit, at the last fit of a model that predicts a target."""
    story = notebook.story
    models = [fit for fit in story.models if fit.learner.kind != "cluster" and fit.y is not None]
    if not models or _OTHER_WAYS.search(notebook.text):
        return
    for each in story.evaluations:
        if each.validated or not any(saw.holds(rows) for saw in each.trained_on for rows in each.rows):
            return
    split = any(not each.id.startswith("folds") for each in story.splits.values())
    measures = any(is_metric(call.name.rpartition(".")[2]) for _, facts in notebook.code for call in facts.walked.calls)
    if split and (measures or story.compared):
        return
    last = models[-1]
    message = f"`{last.learner.name[:40]}` is never judged on rows it has not seen. Keep some apart, measure it there."
    held_out = _held_out(notebook, last)
    yield Hit(
        spot=spot_of(notebook, last.place),
        message=message,
        anchor="metric",
        cell=last.place.cell,
        confidence="medium",
        fixable=bool(held_out),
        subject=f"print({last.learner.name}.score({held_out}))",
    )


def _held_out(notebook: NotebookFacts, fit: Fit) -> str:
    """``X_test, y_test`` where the model was fitted on the other side of a split that names all four."""
    given = [each.id for each in getattr(fit.place.node, "args", []) if isinstance(each, ast.Name)]
    name = fit.learner.name
    if not any(name in bound_by(facts) for cell, facts in notebook.code if cell.index <= fit.place.cell):
        return ""  # it lives in a function
    if fit.loop or not _SCORES.fullmatch(fit.learner.type):
        return ""
    for _, facts in notebook.code:
        for node in facts.parsed.tree.body if facts.parsed.tree is not None else ():
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
                continue
            target = node.targets[0]
            if not isinstance(target, ast.Tuple) or not dotted(node.value.func).endswith("train_test_split"):
                continue
            names = [each.id for each in target.elts if isinstance(each, ast.Name)]
            if len(names) == 4 and given == [names[0], names[2]]:
                return f"{names[1]}, {names[3]}"
    return ""


def fix(draft: Draft, cell_index: int, hit: Hit) -> None:
    """A cell that measures on the held-out rows, behind the one that fits."""
    draft.insert(cell_index + 1, str(hit.subject))


RULE = Rule(
    code="PLAN002",
    name="no-held-out-metric",
    severity="warning",
    why="Nobody knows how good the model is, and nobody will notice when it gets worse.",
    notebook=check,
    fix=fix,
)
