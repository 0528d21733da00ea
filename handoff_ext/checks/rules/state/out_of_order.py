"""Cells that were run in another order than they stand.

## What
The numbers of the last run do not go up from top to bottom. One finding a notebook.

## Why
The outputs are those of another order; a fresh run from top to bottom may give others, or stop.

## Example
    In [7]: rows = rows[rows.price > 0]
    In [3]: rows.price.mean()

## Use instead
Restart the kernel, run all cells, save.
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.rule import TOP, Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit, at the first cell that ran before a cell above it."""
    highest, above, count = 0, -1, 0
    first = None
    for cell in notebook.notebook.code:
        number = cell.execution_count
        if number is None or not cell.source.strip():
            continue
        if number < highest:
            count += 1
            first = first or (cell, above)
        elif number > highest:
            highest, above = number, cell.index
    if first is not None:
        cell, before = first
        others = "" if count == 1 else f", and {count - 1} more cell{'s' if count > 2 else ''} out of order"
        message = f"This cell ran before cell {before + 1}, which stands above{others}. Restart and run all."
        yield Hit(spot=TOP, message=message, anchor="order", cell=cell.index)


RULE = Rule(
    code="STATE003",
    name="out-of-order",
    severity="warning",
    why="The outputs are those of another order: a fresh run may give others, or stop.",
    notebook=check,
)
