"""Rows drawn again before the split.

## What
`SMOTE`, oversampling or `resample` on all rows; the split comes after it.

## Why
Copies of the same row, or rows made from it, lie on both sides of the split: the model is asked what it has learned
by heart.

## Example
    X, y = SMOTE().fit_resample(X, y)
    X_train, X_test = train_test_split(X)

## Use instead
    X_train, X_test, y_train, y_test = train_test_split(X, y)
    X_train, y_train = SMOTE().fit_resample(X_train, y_train)
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.hits import leak_hit
from handoff_ext.checks.learning.leaks import learned_before_split
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each resampling."""
    for leak in learned_before_split(notebook.story, frozenset({"resample"})):
        yield leak_hit(notebook, leak)


RULE = Rule(
    code="LEAK004",
    name="resample-before-split",
    severity="error",
    why="The held-out rows are no longer unseen: the metric is better than the model will be.",
    notebook=check,
)
