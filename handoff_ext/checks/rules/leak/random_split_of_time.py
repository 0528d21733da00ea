"""Rows in an order of time, split at random.

## What
`train_test_split` or a shuffling fold over rows that are sorted by a date, indexed by one, or have lags and rolling
windows.

## Why
The model is trained on days after those it is judged on. In use it will know only the past, and be worse.

## Example
    rows["yesterday"] = rows["sales"].shift(1)
    train, test = train_test_split(rows)

## Use instead
    train, test = rows[rows["day"] < "2024-01-01"], rows[rows["day"] >= "2024-01-01"]
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.hits import spot_of
from handoff_ext.checks.learning.leaks import random_split_of_time
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such split."""
    for split, sure in random_split_of_time(notebook.story):
        name = next((f"`{data.name}`" for data in split.inputs if data.name), "these rows")
        yield Hit(
            spot=spot_of(notebook, split.place),
            message=f"The rows of {name} have an order in time and are split at random. Split by date.",
            anchor="time",
            cell=split.place.cell,
            confidence="high" if sure else "medium",
        )


RULE = Rule(
    code="LEAK009",
    name="random-split-of-time",
    severity="warning",
    why="The model learns from days after those it is judged on; in use it knows only the past.",
    notebook=check,
)
