"""What people say about cells: tags, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from handoff_ext.cells.model import Cell, Notebook
from handoff_ext.contracts.errors import HandoffError

_STAGE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}\Z")


@dataclass(frozen=True, slots=True)
class Tags:
    """``stages``: indices of tagged code cells with their stage; ``skipped``: cells to leave out."""

    stages: Mapping[int, str]
    skipped: frozenset[int]


def read_tags(notebook: Notebook) -> Tags:
    """The notebook's tags. Raises ``HandoffError`` for one that cannot be meant so."""
    stages: dict[int, str] = {}
    skipped: set[int] = set()
    for cell in notebook.cells:
        named = stages_of(cell)
        if named and cell.kind != "code":
            raise HandoffError(
                f"Cell {cell.index + 1} carries the tag stage:{named[0]}, but it is no code cell.",
                "Take the tag away: text goes with the code cell below it.",
            )
        if len(named) > 1:
            raise HandoffError(
                f"Cell {cell.index + 1} has two steps, {named[0]} and {named[1]}.", "Keep one of the tags."
            )
        if named and not _STAGE.match(named[0]):
            raise HandoffError(
                f"Cell {cell.index + 1} has the step {named[0]!r}, which cannot name a file.",
                "Begin with a letter; use letters, digits, - and _.",
            )
        if "skip" in cell.tags:
            if named:
                raise HandoffError(
                    f"Cell {cell.index + 1} has the step {named[0]} and the tag skip.", "Take one of the tags away."
                )
            skipped.add(cell.index)
        elif named:
            stages[cell.index] = named[0]
    return Tags(stages, frozenset(skipped))


def stages_of(cell: Cell) -> list[str]:
    """The stages that a cell's tags name."""
    return list(dict.fromkeys(tag.removeprefix("stage:") for tag in cell.tags if tag.startswith("stage:")))
