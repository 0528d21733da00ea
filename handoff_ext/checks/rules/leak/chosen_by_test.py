"""Settings or a model chosen by the rows that then judge it.

## What
Settings tried in a loop and measured on the test rows; early stopping that watches them; several models compared on
them, with
no other rows left to judge the chosen one.

## Why
The best of many tries on the same rows is partly luck. The metric is better than it will be.

## Example
    for k in range(1, 30):
        scores.append(KNeighborsClassifier(k).fit(X_train, y_train).score(X_test, y_test))

## Use instead
    search = GridSearchCV(KNeighborsClassifier(), {"n_neighbors": range(1, 30)}).fit(X_train, y_train)
    search.score(X_test, y_test)
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.hits import leak_hit
from handoff_ext.checks.learning.leaks import chosen_by_test
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each set of held-out rows."""
    for leak in chosen_by_test(notebook.story, notebook.text):
        yield leak_hit(notebook, leak)


RULE = Rule(
    code="LEAK007",
    name="chosen-by-test",
    severity="warning",
    why="The held-out rows are no longer unseen: the metric is better than the model will be.",
    notebook=check,
)
