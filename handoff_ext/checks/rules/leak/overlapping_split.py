"""Training and test rows that overlap.

## What
Two samples of the same rows, two splits with different seeds, or slices that overlap: one to train, the other to judge.

## Why
The model is asked about rows that it has seen.

## Example
    train = rows.sample(frac=0.8)
    test = rows.sample(frac=0.2)

## Use instead
    train = rows.sample(frac=0.8, random_state=0)
    test = rows.drop(train.index)
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.hits import leak_hit
from handoff_ext.checks.learning.leaks import overlapping
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each model that is judged so."""
    for leak in overlapping(notebook.story):
        yield leak_hit(notebook, leak)


RULE = Rule(
    code="LEAK008",
    name="overlapping-split",
    severity="error",
    why="The held-out rows are no longer unseen: the metric is better than the model will be.",
    notebook=check,
)
