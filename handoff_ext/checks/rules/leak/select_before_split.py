"""Features chosen with rows that later judge the model.

## What
Feature selection (`SelectKBest`, `RFE`, `SelectFromModel`) or an encoder that uses the target, on all rows and before
the split.

## Why
The held-out rows' answers decided which features there are: on pure noise this gives a good metric.

## Example
    X = SelectKBest(k=20).fit_transform(X, y)
    X_train, X_test = train_test_split(X)

## Use instead
    model = make_pipeline(SelectKBest(k=20), LogisticRegression())
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.hits import leak_hit
from handoff_ext.checks.learning.leaks import learned_before_split
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each selection."""
    for leak in learned_before_split(notebook.story, frozenset({"select"})):
        yield leak_hit(notebook, leak)


RULE = Rule(
    code="LEAK003",
    name="select-before-split",
    severity="error",
    why="The held-out rows are no longer unseen: the metric is better than the model will be.",
    notebook=check,
)
