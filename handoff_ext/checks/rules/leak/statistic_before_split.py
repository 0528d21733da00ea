"""Numbers taken over rows that later judge the model.

## What
`fillna(mean)`, scaling by hand with a mean, minimum or maximum, `scale()`, over all rows and before the split.

## Why
Means and ranges of the held-out rows are in the training data. The metric is better than it will be.

## Example
    rows["age"] = rows["age"].fillna(rows["age"].mean())
    X_train, X_test = train_test_split(rows)

## Use instead
    mean = X_train["age"].mean()
    X_test["age"] = X_test["age"].fillna(mean)
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.hits import leak_hit
from handoff_ext.checks.learning.leaks import learned_before_split
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such number."""
    for leak in learned_before_split(notebook.story, frozenset({"fill", "statistic"})):
        yield leak_hit(notebook, leak)


RULE = Rule(
    code="LEAK002",
    name="statistic-before-split",
    severity="warning",
    why="The held-out rows are no longer unseen: the metric is better than the model will be.",
    notebook=check,
)
