"""A change of a notebook while fixes add to it: edits of cells, parameters, environment variables, advice."""

from __future__ import annotations

from dataclasses import dataclass, field

from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.parameters import Parameters, new_cell
from handoff_ext.checks.rule import Spot
from handoff_ext.contracts.change import CellInsert


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters ``start`` to ``end`` of a cell's source become ``text``."""

    start: int
    end: int
    text: str
    key: str


class Overlap(Exception):
    """The place is changed by another fix already."""


@dataclass(slots=True)
class Draft:
    """What fixes have decided so far. ``key`` is the finding that is being fixed."""

    notebook: NotebookFacts
    key: str = ""
    edits: dict[int, list[Edit]] = field(default_factory=dict)
    cleared: dict[int, set[str]] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    advice: list[str] = field(default_factory=list)
    imports: set[int] = field(default_factory=set)
    inserts: list[CellInsert] = field(default_factory=list)
    parameters: Parameters = field(init=False)

    def __post_init__(self) -> None:
        self.parameters = Parameters(self.notebook)

    def facts(self, cell_index: int) -> CellFacts:
        """Facts of a cell."""
        return self.notebook.facts[cell_index]

    def span(self, cell_index: int, spot: Spot) -> tuple[int, int]:
        """Offsets of a place in the cell's source."""
        lines = self.facts(cell_index).lines
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        return starts[spot.line - 1] + spot.column - 1, starts[spot.end_line - 1] + spot.end_column - 1

    def replace(self, cell_index: int, start: int, end: int, text: str) -> None:
        """Edit a cell. Raises ``Overlap`` where another fix has the place already."""
        edits = self.edits.setdefault(cell_index, [])
        if any(start < each.end and each.start < end for each in edits):
            raise Overlap
        edits.append(Edit(start, end, text, self.key))

    def insert(self, index: int, source: str) -> None:
        """A new code cell in front of the one at ``index``."""
        self.inserts.append(new_cell(index, source, ()))

    def clear(self, cell_index: int) -> None:
        """Clear a cell's outputs."""
        self.cleared.setdefault(cell_index, set()).add(self.key)

    def advise(self, sentence: str) -> None:
        """Tell the user what no edit can do."""
        if sentence not in self.advice:
            self.advice.append(sentence)

    def environment(self, wanted: str, value: str) -> str:
        """The environment variable that a secret moves to; the same secret always to the same one."""
        for name, known in self.secrets.items():
            if known == value:
                return name
        name, count = wanted, 1
        while name in self.secrets:
            count += 1
            name = f"{wanted}_{count}"
        self.secrets[name] = value
        lines = self.files.setdefault(".env.example", [])
        lines.append(f"{name}=")
        return name

    def need_os(self, cell_index: int) -> None:
        """Make sure that the cell can say ``os``."""
        self.imports.add(cell_index)
