"""Statements that an edit leaves alone stay the same objects, so that what is known of them stays known."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoff_ext.checks.facts.cell import CellFacts


def keep_statements(facts: CellFacts, before: CellFacts) -> None:
    """Put the statements of a cell as it was in the place of those that stand where they stood, as they stood.

    Before anything but the tree of ``facts`` is asked for. A statement is what its lines are: the same lines at the
    same place are the same tree.
    """
    old, new = before.parsed, facts.parsed
    if old.tree is None or new.tree is None or old.magics or new.magics:
        return
    known = {_place(each): each for each in old.tree.body}
    body = new.tree.body
    for at, each in enumerate(body):
        place = _place(each)
        other = known.get(place)
        first, last = place[0] - 1, place[2]
        if other is not None and facts.lines[first:last] == before.lines[first:last]:
            body[at] = other


def _place(node: ast.stmt) -> tuple[int, int, int, int]:
    """First line, column, last line, column; decorators count."""
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    return first, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0
