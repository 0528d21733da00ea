"""Put a stage's code together: which lines of a cell stay, which imports stand before it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping

from handoff_ext.pipeline.cut import Cut, StageCut
from handoff_ext.pipeline.units import Unit


def cell_source(cut: Cut, cell: int, above: tuple[int, str] | None = None) -> str:
    """The code of a cell without its parameters and without the definitions that moved to ``definitions.py``.

    ``above``: a line's number and what is put above it.
    """
    moved = {unit.index for unit in cut.portable.values()}
    of_cell = cut.units.of_cell(cell)
    lines: list[str | None] = list(of_cell[0].cell.source.split("\n"))
    gone = [unit for unit in of_cell if unit.kind == "parameter" or unit.index in moved]
    for unit in gone:
        lines[unit.first - 1 : unit.last] = [None] * (unit.last - unit.first + 1)
    if above is not None:
        lines.insert(above[0] - 1, above[1])
    text = "\n".join(line for line in lines if line is not None)
    return _without_gaps(text) if gone else text.rstrip()


def has_code(source: str) -> bool:
    """Whether a source is more than comments and blank lines."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in source.split("\n"))


def import_lines(copies: Iterable[Unit], needed: Mapping[int, Collection[str]]) -> list[str]:
    """The statements of import units, each with only the names needed of it, in the notebook's order."""
    lines: dict[str, None] = {}
    for unit in copies:
        for line in import_for(unit, needed.get(unit.index, unit.names)).split("\n"):
            lines.setdefault(line, None)
    return list(lines)


def needed_imports(cut: Cut, stage: StageCut) -> dict[int, set[str]]:
    """For each import unit, the names of it that the stage's code, definitions and settings need."""
    units = cut.units
    here = {unit.index for unit in stage.copies}
    here |= {unit.index for unit in units.units if unit.cell.index in stage.cells}
    needed: dict[int, set[str]] = {}
    for index in here:
        for name in units.flow.steps[index].needs:
            for maker in units.flow.producers.get((index, name), ()):
                if units.units[maker].kind == "import":
                    needed.setdefault(maker, set()).add(name)
    return needed


def import_for(unit: Unit, names: Collection[str]) -> str:
    """The statement of an import unit with only these names."""
    body = ast.parse(unit.source.strip()).body
    node = body[0] if len(body) == 1 else None
    wanted = set(names)
    if not isinstance(node, (ast.Import, ast.ImportFrom)) or set(unit.names) <= wanted or "*" in unit.names:
        return unit.source.strip("\n")
    kept = [alias for alias in node.names if (alias.asname or alias.name.partition(".")[0]) in wanted]
    if not kept:
        return unit.source.strip("\n")
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import(kept))
    return ast.unparse(ast.ImportFrom(node.module, kept, node.level))


def _without_gaps(text: str) -> str:
    """No blank lines at the ends and no more than two in a row, as where lines were taken out."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.strip() or (lines and lines[-2:] != ["", ""]):
            lines.append(line.rstrip() if not line.strip() else line)
    return "\n".join(lines).strip("\n")
