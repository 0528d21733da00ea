"""A transformer fitted on rows that later judge the model.

## What
A scaler, imputer, decomposition or vectorizer is fitted on all rows, and its result, or the fitted object, then
reaches a model that is
judged on a part of them: also through helper functions and loops, and in front of cross-validation.

## Why
Means, ranges and words of the held-out rows are in the training data. The metric is better than it will be.

## Example
    X = StandardScaler().fit_transform(X)
    X_train, X_test = train_test_split(X)

## Use instead
    model = make_pipeline(StandardScaler(), LogisticRegression())
    model.fit(X_train, y_train)
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.hits import leak_hit
from handoff_ext.checks.learning.leaks import learned_before_split
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each fit, with the data flow in words."""
    for leak in learned_before_split(notebook.story, frozenset({"scale", "impute", "reduce", "vectorize"})):
        yield leak_hit(notebook, leak)


RULE = Rule(
    code="LEAK001",
    name="fit-before-split",
    severity="warning",
    why="The held-out rows are no longer unseen: the metric is better than the model will be.",
    notebook=check,
)
