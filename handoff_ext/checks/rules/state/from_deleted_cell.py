"""A name whose defining cell is gone.

## What
A cell was run and found a name that no cell defines any more: the cell that did was deleted or changed.

## Why
Only the kernel of that day knew it; a fresh run stops here.

## Example
    model.fit(scaled)  # ran as In [14]; no cell makes `scaled`

## Use instead
Write the missing cell again, or take the name out.
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.rule import Hit, Rule, Spot
from handoff_ext.checks.state import Missing


def _message(missing: Missing) -> str:
    if missing.removed:
        return f"`{missing.name[:40]}` is deleted above with `del`. Take one of both out."
    module = _USUAL.get(missing.name)
    if module:
        return f"`{missing.name[:40]}` is imported in no cell. Write `import {module}` above."
    return f"`{missing.name[:40]}` came from a cell that is gone. Write it again above."


_USUAL = {
    "pd": "pandas as pd",
    "np": "numpy as np",
    "plt": "matplotlib.pyplot as plt",
    "sns": "seaborn as sns",
    "os": "os",
    "re": "re",
    "json": "json",
    "random": "random",
    "tf": "tensorflow as tf",
}


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each name that was there when the cell ran and is defined nowhere."""
    for missing in notebook.missing:
        if missing.fate == "deleted":
            at = missing.position
            yield Hit(
                spot=Spot(at.line, at.column, at.end_line or at.line, at.end_column or at.column + len(missing.name)),
                message=_message(missing),
                anchor=missing.name,
                cell=missing.cell.index,
                confidence=missing.confidence,
            )


RULE = Rule(
    code="STATE006",
    name="from-deleted-cell",
    severity="error",
    why="On a fresh run from top to bottom this line stops with a NameError.",
    notebook=check,
)
