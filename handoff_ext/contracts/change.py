"""A change of a notebook, as plain data: made by fixes and suggestions, applied to a file or to the open document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class CellChange:
    """New source for one cell. ``before`` is the source that the change was made for: where it differs, don't apply."""

    cell_id: str
    before: str
    after: str
    clear_outputs: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CellInsert:
    """A new cell, to stand at ``index`` of the notebook as it was before the change."""

    index: int
    cell_id: str
    kind: Literal["code", "markdown"]
    source: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class NotebookChange:
    """One undoable step. ``tags`` gives the whole new list of tags of a cell; ``files`` lines to add to text files
    beside the notebook (relative path to lines), each once; ``keys`` the findings that it takes away."""

    cells: tuple[CellChange, ...] = ()
    inserts: tuple[CellInsert, ...] = ()
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: dict[str, tuple[str, ...]] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
