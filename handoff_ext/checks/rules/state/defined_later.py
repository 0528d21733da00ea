"""A name that only a cell further down defines.

## What
A cell reads a name that the first cell to bind stands below it.

## Why
It worked because the cells were run in another order than they stand; a fresh run stops here.

## Example
    print(total)
    # in a cell below
    total = rows.price.sum()

## Use instead
Move the defining cell up.
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.rule import Hit, Rule, Spot


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each name that is bound further down only, where it is read first."""
    for missing in notebook.missing:
        if missing.fate == "later":
            at = missing.position
            yield Hit(
                spot=Spot(at.line, at.column, at.end_line or at.line, at.end_column or at.column + len(missing.name)),
                message=f"`{missing.name[:40]}` is defined only in cell {missing.later + 1}, below. Move that cell up.",
                anchor=missing.name,
                cell=missing.cell.index,
                confidence=missing.confidence,
            )


RULE = Rule(
    code="STATE002",
    name="defined-later",
    severity="error",
    why="On a fresh run from top to bottom this line stops with a NameError.",
    notebook=check,
)
