"""A notebook as a row of statements, each with its place."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from handoff_ext.cells.model import Cell, Notebook
from handoff_ext.cells.python import parse_cell
from handoff_ext.dataflow.notebook import NotebookFlow, notebook_flow


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the top level. ``source`` is its text, ``comments`` the lines directly above it; ``line`` counts
    from 1 in its cell."""

    index: int
    cell: Cell
    line: int
    source: str
    comments: str = ""

    @property
    def node(self) -> ast.stmt:
        """Its syntax tree."""
        return ast.parse(self.source).body[0]


def statements(notebook: Notebook) -> list[Statement]:
    """All statements that are Python, in order. An assignment side by side (``a, b = c, d``) becomes one each."""
    found: list[Statement] = []
    for cell in notebook.code:
        for each in _of_cell(cell):
            found.append(replace(each, index=len(found)))
    return found


def _of_cell(cell: Cell) -> Iterator[Statement]:
    parsed = parse_cell(cell.source)
    if parsed.tree is None or not parsed.binds:
        return
    lines = parsed.code.split("\n")
    above = 0
    for node in parsed.tree.body:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        last = node.end_lineno or node.lineno
        comments = _comments(lines[above : first - 1])
        above = last
        text = _text(parsed.code, lines, node, first)
        if "get_ipython()" in text:
            continue
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) or "#" not in lines[last - 1]:
            trailing = ""
        else:
            trailing = _trailing(lines[last - 1], node)
        for part in _apart(text, node) or [text + trailing]:
            yield Statement(0, cell, first, part, comments)
            comments = ""


def _text(code: str, lines: list[str], node: ast.stmt, first: int) -> str:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return "\n".join(lines[first - 1 : node.end_lineno])
    return ast.get_source_segment(code, node) or ast.unparse(node)


def _comments(lines: list[str]) -> str:
    kept: list[str] = []
    for line in reversed(lines):
        if not line.lstrip().startswith("#"):
            break
        kept.insert(0, line.strip())
    return "\n".join(kept)


def _trailing(line: str, node: ast.stmt) -> str:
    rest = line.encode()[node.end_col_offset or 0 :].decode(errors="ignore")
    return f"  {rest.strip()}" if rest.strip().startswith("#") else ""


def _apart(text: str, node: ast.stmt) -> list[str]:
    """``a = c`` and ``b = d`` for ``a, b = c, d``, where none needs another's old value."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return []
    target, value = node.targets[0], node.value
    if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple):
        return []
    names = {each.id for each in target.elts if isinstance(each, ast.Name)}
    used = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
    plain = not any(isinstance(each, ast.Starred) for each in [*target.elts, *value.elts])
    if len(names) != len(target.elts) or len(target.elts) != len(value.elts) or names & used or not plain:
        return []
    tree = ast.parse(text).body[0]
    assert isinstance(tree, ast.Assign) and isinstance(tree.value, ast.Tuple) and isinstance(tree.targets[0], ast.Tuple)
    return [
        f"{ast.unparse(one)} = {ast.get_source_segment(text, other)}"
        for one, other in zip(tree.targets[0].elts, tree.value.elts, strict=True)
    ]


def flow_of(notebook: Notebook, found: Sequence[Statement]) -> NotebookFlow:
    """The data flow between statements: its cells are the statements, named by their index."""
    cells = tuple(Cell(each.index, f"{each.cell.id}-{each.index}", "code", each.source) for each in found)
    return notebook_flow(replace(notebook, cells=cells))
