"""A code cell without a run, between cells that have one.

## What
The cells above and below were run and saved with their numbers, this one was not.

## Why
Nobody knows whether it works, and whether what follows was computed with it or without it.

## Example
    In [4]: rows = load()
    In [ ]: rows = rows.dropna()
    In [5]: fit(rows)

## Use instead
Run it or delete it.
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.parameters import ADDED
from handoff_ext.checks.rule import TOP, Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such cell that has more than comments and is not left out of the pipeline."""
    ran = [cell.index for cell in notebook.notebook.code if cell.execution_count is not None]
    for cell, facts in notebook.code:
        if cell.execution_count is not None or cell.outputs or not ran or not ran[0] < cell.index < ran[-1]:
            continue
        empty = facts.parsed.tree is not None and not facts.parsed.tree.body and not facts.parsed.magics
        added = cell.id.startswith(ADDED) or "parameters" in cell.tags  # by a fix, behind the last run
        if not empty and cell.source.strip() and "skip" not in cell.tags and not added:
            yield Hit(
                spot=TOP,
                message="This cell was not run, cells above and below it were. Run it or delete it.",
                cell=cell.index,
            )


RULE = Rule(
    code="STATE004",
    name="unexecuted-cell",
    severity="info",
    why="Nobody knows whether it works, and whether what follows was computed with it.",
    notebook=check,
)
