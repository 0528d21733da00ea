"""Categories taken from rows that later judge the model.

## What
`get_dummies`, `OneHotEncoder`, `OrdinalEncoder` or `LabelEncoder` of features on all rows and before the split.

## Why
Categories that only held-out rows have become columns. The metric changes little; but when the model is asked, new
categories
have no column, and nobody noticed.

## Example
    X = pd.get_dummies(X)
    X_train, X_test = train_test_split(X)

## Use instead
    encoder = OneHotEncoder(handle_unknown="ignore").fit(X_train)
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.hits import leak_hit
from handoff_ext.checks.learning.leaks import learned_before_split
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each encoding."""
    for leak in learned_before_split(notebook.story, frozenset({"encode", "dummies", "label"})):
        yield leak_hit(notebook, leak)


RULE = Rule(
    code="LEAK005",
    name="encode-before-split",
    severity="info",
    why="The held-out rows are no longer unseen: the metric is better than the model will be.",
    notebook=check,
)
