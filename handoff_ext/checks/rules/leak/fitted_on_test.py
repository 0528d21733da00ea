"""Held-out rows used in a fit.

## What
A model is fitted on rows it is then judged on (all rows, or the test rows themselves); a transformer is fitted anew
on the test
rows instead of applying what it learned.

## Why
The metric says how well the model remembers, not how well it predicts.

## Example
    model.fit(X, y)
    model.score(X_test, y_test)

## Use instead
    model.fit(X_train, y_train)
    model.score(X_test, y_test)
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.hits import leak_hit
from handoff_ext.checks.learning.leaks import tested_on_training_rows
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such fit."""
    for leak in tested_on_training_rows(notebook.story):
        yield leak_hit(notebook, leak)


RULE = Rule(
    code="LEAK006",
    name="fitted-on-test",
    severity="error",
    why="The held-out rows are no longer unseen: the metric is better than the model will be.",
    notebook=check,
)
