"""A notebook as plain values. Nothing here knows how it was stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

CellKind = Literal["code", "markdown", "raw"]
OutputKind = Literal["stdout", "stderr", "result", "error", "attachment"]


@dataclass(frozen=True, slots=True)
class Output:
    """The text of one output, or of a text attached to a cell of prose, capped; images and the like are never kept."""

    kind: OutputKind
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. ``index`` counts all cells from 0; ``id`` is unique in the notebook; lines end in ``\\n``."""

    index: int
    id: str
    kind: CellKind
    source: str
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    execution_count: int | None = None
    outputs: tuple[Output, ...] = ()


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook. ``language`` is the kernel's language in lower case, ``kernel`` the kernelspec's name or empty."""

    path: str
    cells: tuple[Cell, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    language: str = "python"
    kernel: str = ""
    nbformat: tuple[int, int] = (4, 5)

    @property
    def code(self) -> tuple[Cell, ...]:
        """The code cells, in order."""
        return tuple(cell for cell in self.cells if cell.kind == "code")
