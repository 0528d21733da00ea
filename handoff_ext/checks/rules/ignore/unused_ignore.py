"""An ignore that covers nothing.

## What
A `# handoff: ignore[...]` comment, or an ignore in the cell's metadata, that no finding answers to, or that names no
rule.

## Why
The problem is gone or moved; the ignore would hide the next one.

## Example
    n = 3  # handoff: ignore[PATH001] sample

## Use instead
Delete the comment.
"""

from __future__ import annotations

from handoff_ext.checks.rule import Hit, Rule, Spot

RULE = Rule(
    code="IGNORE001",
    name="unused-ignore",
    severity="info",
    why="An ignore that covers nothing would hide the next problem in this place.",
)


def hit(spot: Spot, word: str, known: bool) -> Hit:
    """The finding for one word of an ignore; an empty word where it names no rule."""
    if not word:
        message = "This ignore names no rule. Write # handoff: ignore[CODE] reason."
    elif known:
        message = f"Nothing here is ignored by {word[:40]}. Delete it."
    else:
        message = f"There is no rule {word[:40]}. Write its code, as in ignore[PATH001]."
    return Hit(spot=spot, message=message, anchor=word)
