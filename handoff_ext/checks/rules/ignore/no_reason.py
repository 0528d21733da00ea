"""An ignore without a reason.

## What
`# handoff: ignore[CODE]` with nothing behind it, or an ignore in the cell's metadata with an empty text.

## Why
The reason stands on the model's card: who inherits the model wants to know why this was let through.

## Example
    rows = pd.read_csv("/mnt/share/rows.csv")  # handoff: ignore[PATH001]

## Use instead
    rows = pd.read_csv("/mnt/share/rows.csv")  # handoff: ignore[PATH001] mounted on every machine here
"""

from __future__ import annotations

from handoff_ext.checks.rule import Hit, Rule, Spot

RULE = Rule(
    code="IGNORE002",
    name="ignore-without-reason",
    severity="warning",
    why="The reason stands on the model's card; without one nobody can judge it.",
)


def hit(spot: Spot, words: str) -> Hit:
    """The finding for one ignore."""
    return Hit(spot=spot, message=f"{words[:60]} is ignored without a reason. Write one behind it.", anchor=words)
