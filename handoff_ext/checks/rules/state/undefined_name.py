"""A name that nothing defines.

## What
A name is read, and no cell binds it, imports it or brings it in. Where `exec`, `%run` or a star import may define any
name,
nothing is said.

## Why
A fresh run stops here.

## Example
    print(totl)

## Use instead
    print(total)
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.rule import Hit, Rule, Spot


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each name that no cell defines, where it is read first."""
    for missing in notebook.missing:
        if missing.fate == "undefined":
            at = missing.position
            why = (
                "is deleted above with `del`. Take one of both out."
                if missing.removed
                else ("is not defined in any cell. Define or import it above.")
            )
            yield Hit(
                spot=Spot(at.line, at.column, at.end_line or at.line, at.end_column or at.column + len(missing.name)),
                message=f"`{missing.name[:40]}` {why}",
                anchor=missing.name,
                cell=missing.cell.index,
                confidence=missing.confidence,
            )


RULE = Rule(
    code="STATE001",
    name="undefined-name",
    severity="error",
    why="On a fresh run from top to bottom this line stops with a NameError.",
    notebook=check,
)
