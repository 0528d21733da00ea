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

import re
from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.estimators import is_metric
from handoff_ext.checks.learning.hits import spot_of
from handoff_ext.checks.rule import Hit, Rule

_OTHER_WAYS = re.compile(
    r"validation_(?:data|split|steps)|eval_set|valid_sets|evals\s*=|cross_val|\.cv\(|oob_score|\.evaluate\(|"
    r"GridSearchCV|RandomizedSearchCV|backtest|valid_dl|DataLoaders|eval_dataset"
)


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
    yield Hit(
        spot=spot_of(notebook, last.place), message=message, anchor="metric", cell=last.place.cell, confidence="medium"
    )


RULE = Rule(
    code="PLAN002",
    name="no-held-out-metric",
    severity="warning",
    why="Nobody knows how good the model is, and nobody will notice when it gets worse.",
    notebook=check,
)
