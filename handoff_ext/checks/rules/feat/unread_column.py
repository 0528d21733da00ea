"""A column that was never read.

## What
A table is read with `usecols` (or `columns`), and a column is used that is not among them and that nothing has added.

## Why
It works only as long as an older table is in memory. A fresh run stops there.

## Example
    rows = pd.read_csv("titanic.csv", usecols=["age", "fare"])
    rows["deck"] = rows["cabin"].str[0]

## Use instead
    rows = pd.read_csv("titanic.csv", usecols=["age", "fare", "cabin"])
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.hits import spot_of
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such column, where it is used first."""
    told: set[str] = set()
    for column, place in notebook.story.unread:
        source = notebook.facts[place.cell].source
        if column in told or f"'{column}' in " in source or f'"{column}" in ' in source:
            continue
        told.add(column)
        yield Hit(
            spot=spot_of(notebook, place),
            message=f"`{column[:40]}` is not among the columns that were read. Add it to usecols, or leave it out.",
            anchor=column,
            cell=place.cell,
        )


RULE = Rule(
    code="FEAT006",
    name="unread-column",
    severity="warning",
    why="It works only while an older table is in memory: a fresh run stops there.",
    notebook=check,
)
