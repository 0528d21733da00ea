"""A notebook as a row of units: the pieces that a pipeline is put together from.

Imports, definitions, settings, parameters and connections tagged ``repeat`` can stand in several stages without
changing what is computed; what is left of a cell, its code, runs once, in one stage.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from handoff_ext.cells.model import Cell, Notebook
from handoff_ext.cells.python import ParsedCell, parse_cell
from handoff_ext.dataflow.notebook import NotebookFlow, notebook_flow
from handoff_ext.pipeline.bound import REPEAT, made_again
from handoff_ext.pipeline.settings import setting_module

UnitKind = Literal["code", "import", "definition", "setting", "parameter", "repeated"]


@dataclass(frozen=True, slots=True)
class Unit:
    """Lines ``first`` to ``last`` (from 1) of a cell, ``source`` their text; ``index`` counts the notebook's units.

    ``names`` are those that an import, definition or parameter binds; ``module`` is what a setting sets.
    """

    index: int
    cell: Cell
    kind: UnitKind
    source: str
    first: int
    last: int
    names: tuple[str, ...] = ()
    module: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lines of a cell that are one statement, or several on one line."""

    first: int
    last: int
    kind: UnitKind
    names: tuple[str, ...] = ()
    module: str = ""


@dataclass(frozen=True, slots=True)
class Units:
    """All units of a notebook in order, and the flow between them: its cells are the units, named by their index."""

    notebook: Notebook
    units: tuple[Unit, ...]
    flow: NotebookFlow

    def of_cell(self, index: int) -> tuple[Unit, ...]:
        """The units of the cell at ``index``."""
        return tuple(unit for unit in self.units if unit.cell.index == index)


def split(notebook: Notebook, parameters: Iterable[str] = ()) -> Units:
    """Cut the notebook into units; assignments of plain values to names in ``parameters`` become parameter units."""
    wanted = frozenset(parameters)
    imports = _imports(notebook)
    found: list[Unit] = []
    for cell in notebook.code:
        for unit in _cut(cell, parse_cell(cell.source), wanted, imports):
            found.append(replace(unit, index=len(found)))
    cells = tuple(
        Cell(unit.index, f"{unit.cell.id}-{unit.index}", "code", "\n" * (unit.first - 1) + unit.source, unit.cell.tags)
        for unit in found
    )
    return Units(notebook, tuple(found), notebook_flow(replace(notebook, cells=cells)))


def statement_lines(node: ast.stmt) -> tuple[int, int]:
    """First and last line of a statement, decorators included."""
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    return first, node.end_lineno or node.lineno


def plain_value(node: ast.expr) -> bool:
    """Whether a value can be a parameter's: a number, text, truth value, None, or a list of them."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    scalar = (str, int, float, bool, type(None))
    if isinstance(value, float) and not math.isfinite(value):
        return False
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, scalar) for each in value)
    if isinstance(value, dict):
        return bool(value) and all(isinstance(each, scalar) for pair in value.items() for each in pair)
    return isinstance(value, scalar)


def _imports(notebook: Notebook) -> dict[str, str]:
    """What names are bound to by imports, whatever the order of cells: enough to tell settings from other calls."""
    flow = notebook_flow(notebook)
    return {name: each.path for step in flow.steps.values() for name, each in step.flow.imports.items()}


def _cut(cell: Cell, parsed: ParsedCell, parameters: frozenset[str], imports: dict[str, str]) -> Iterator[Unit]:
    lines = cell.source.split("\n")
    whole = Unit(0, cell, "code", cell.source, 1, len(lines))
    if parsed.tree is None or not parsed.tree.body or not parsed.binds:
        if cell.source.strip():
            yield whole
        return
    if any(magic.kind == "cell" for magic in parsed.magics):
        # the cell stays in one piece, but what can stand anywhere may be copied from it
        yield whole
        yield from _copies(cell, parsed, lines, imports)
        return
    pieces = list(_pieces(parsed.tree.body, parameters, imports, REPEAT in cell.tags))
    # what stands above a value among other code is said of the code
    only_values = all(piece.kind == "parameter" for piece in pieces)
    begin = 1
    for piece in pieces:
        if piece.kind == "code":
            continue
        first, last = piece.first, piece.last
        if piece.kind != "parameter" or only_values:
            first = _with_comments(lines, first, begin)
        if _has_code(lines[begin - 1 : first - 1]):
            yield Unit(0, cell, "code", "\n".join(lines[begin - 1 : first - 1]), begin, first - 1)
        yield Unit(0, cell, piece.kind, "\n".join(lines[first - 1 : last]), first, last, piece.names, piece.module)
        begin = last + 1
    if _has_code(lines[begin - 1 :]):
        yield Unit(0, cell, "code", "\n".join(lines[begin - 1 :]), begin, len(lines))


def _copies(cell: Cell, parsed: ParsedCell, lines: list[str], imports: dict[str, str]) -> Iterator[Unit]:
    assert parsed.tree is not None
    for piece in _pieces(parsed.tree.body, frozenset(), imports):
        if piece.kind == "import":
            text = "\n".join(lines[piece.first - 1 : piece.last])
            yield Unit(0, cell, "import", text, piece.first, piece.last, piece.names)


def _pieces(
    body: list[ast.stmt], parameters: frozenset[str], imports: dict[str, str], repeat: bool = False
) -> Iterator[_Piece]:
    """The statements with what they are; of those that share a line, only imports are more than code."""
    rows: list[list[ast.stmt]] = []
    for node in body:
        if rows and (rows[-1][-1].end_lineno or 0) >= statement_lines(node)[0]:
            rows[-1].append(node)
        else:
            rows.append([node])
    for row in rows:
        if len(row) == 1:
            again = made_again(row[0], imports) if repeat else ""
            kind, names, module = ("repeated", (again,), "") if again else _what(row[0], parameters, imports)
            yield _Piece(*statement_lines(row[0]), kind, names, module)
            continue
        bound = [_imported(node) for node in row]
        lines = statement_lines(row[0])[0], max(statement_lines(node)[1] for node in row)
        if None in bound:
            yield _Piece(*lines, "code")
        else:
            yield _Piece(*lines, "import", tuple(name for names in bound if names for name in names))


def _what(node: ast.stmt, parameters: frozenset[str], imports: dict[str, str]) -> tuple[UnitKind, tuple[str, ...], str]:
    names = _imported(node)
    if names is not None:
        return "import", names, ""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return "definition", (name,), ""
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
            return "definition", (name,), ""
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in parameters and plain_value(value):
            return "parameter", (name,), ""
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if name in parameters and plain_value(
            value
        ):
            return "parameter", (name,), ""
    module = setting_module(node, imports)
    return ("setting", (), module) if module else ("code", (), "")


def _imported(node: ast.stmt) -> tuple[str, ...] | None:
    """The names a statement imports; None where it does anything else."""
    match node:
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return tuple(alias.asname or alias.name.partition(".")[0] for alias in aliases)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=[]):
            inner = [*body, *(each for handler in handlers for each in handler.body), *orelse]
            if not any(isinstance(each, (ast.Import, ast.ImportFrom)) for each in body):
                return None
        case ast.If(body=body, orelse=orelse):
            inner = [*body, *orelse]
            if not all(isinstance(each, (ast.Import, ast.ImportFrom, ast.Pass)) for each in inner):
                return None
        case _:
            return None
    names: list[str] = []
    for each in inner:
        match each:
            case (
                ast.Pass()
                | ast.Raise()
                | ast.Expr(value=ast.Constant())
                | ast.Expr(value=ast.Call(func=ast.Name("print")))
            ):
                continue
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant()):
                names.append(name)
            case _:
                found = _imported(each)
                if found is None:
                    return None
                names += found
    return tuple(dict.fromkeys(names))


def _with_comments(lines: list[str], first: int, begin: int) -> int:
    """The first line of the comments that stand directly above a statement."""
    while first > begin and lines[first - 2].lstrip().startswith("#"):
        first -= 1
    return first


def _has_code(lines: list[str]) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in lines)
