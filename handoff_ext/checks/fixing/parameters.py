"""The notebook's parameters: read from the cell tagged ``parameters``, added to, and guarded where they have no
default."""

from __future__ import annotations

import ast
import hashlib
import re
from dataclasses import dataclass

from handoff_ext.cells.model import Cell
from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.contracts.change import CellChange, CellInsert

ADDED = "handoff-"
"""Ids of cells that a fix adds begin so."""
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Added:
    """A new parameter: the line that sets it, and what it stands for."""

    name: str
    default: str | None
    original: str


class Parameters:
    """Parameters as they are and as they will be."""

    def __init__(self, notebook: NotebookFacts) -> None:
        self.notebook = notebook
        self.cell = notebook.parameters
        self.added: dict[str, Added] = {}
        self.first_use = len(notebook.notebook.cells)
        self._taken = {word for cell in notebook.notebook.code for word in _WORD.findall(cell.source)}
        self._known = _defaults(self.cell)

    def add(self, original: str, default: str | None, folder: bool, cell_index: int) -> str | None:
        """The parameter's name for a path used in a cell; the same path gives the same one. None where the notebook's
        parameters come too late for that cell."""
        if self.cell is not None and self.cell.index >= cell_index:
            return None
        known = self._known.get(default) if default is not None else None
        if known:
            return known
        same = _plain(original) if default is None else f"={default}"
        if same not in self.added:
            name = self._free(_name(original, folder))
            self.added[same] = Added(name, default, original)
            self._taken.add(name)
        self.first_use = min(self.first_use, cell_index)
        return self.added[same].name

    def _free(self, wanted: str) -> str:
        name, count = wanted, 1
        while name in self._taken:
            count += 1
            name = f"{wanted}_{count}"
        return name

    def changes(self) -> tuple[list[CellChange], list[CellInsert], str]:
        """Edits that define the added parameters, and lines for the cell that is inserted; nothing where none was
        added."""
        if not self.added:
            return [], [], ""
        lines = [f"{each.name} = {_literal(each.default)}" for each in self.added.values()]
        guards = [_guard(each) for each in self.added.values() if each.default is None]
        changes: list[CellChange] = []
        inserts: list[CellInsert] = []
        if self.cell is None:
            index = self._place()
            source = "\n".join(lines)
            inserts.append(new_cell(index, source, ("parameters",)))
        else:
            index = self.cell.index + 1
            before = self.cell.source
            joint = "" if not before or before.endswith("\n") else "\n"
            source = before + joint + "\n".join(lines)
            changes.append(CellChange(cell_id=self.cell.id, before=before, after=source))
        if guards:
            inserts.append(new_cell(index, "\n".join(guards), ()))
        return changes, inserts, source

    def _place(self) -> int:
        """Behind the cells that only import, and before the first use."""
        index = 0
        for cell, facts in zip(self.notebook.notebook.cells, self.notebook.facts, strict=True):
            if cell.index >= self.first_use:
                break
            if cell.kind != "code":
                continue
            tree = facts.parsed.tree
            if tree is not None and tree.body and not _only_sets_up(tree):
                break
            index = cell.index + 1
        return index


def _only_sets_up(tree: ast.Module) -> bool:
    """Imports, settings and magics: nothing that a parameter could matter for."""
    return all(isinstance(node, ast.Import | ast.ImportFrom | ast.Expr | ast.Pass) for node in tree.body) and any(
        isinstance(node, ast.Import | ast.ImportFrom) for node in tree.body
    )


def new_cell(index: int, source: str, tags: tuple[str, ...]) -> CellInsert:
    """A code cell to insert; its id depends on what it holds."""
    made = hashlib.sha256(f"{tags}{source}".encode()).hexdigest()[:12]
    return CellInsert(index=index, cell_id=f"{ADDED}{made}", kind="code", source=source, tags=tags)


def _defaults(cell: Cell | None) -> dict[str, str]:
    """Text defaults of the parameters' cell, to their names."""
    if cell is None:
        return {}
    try:
        tree = ast.parse(cell.source)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    found: dict[str, str] = {}
    for node in tree.body:
        target = (
            node.targets[0]
            if isinstance(node, ast.Assign)
            else node.target
            if isinstance(node, ast.AnnAssign)
            else None
        )
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
            found[value.value] = target.id
    return found


def _plain(original: str) -> str:
    return original.replace("\\", "/").rstrip("/")


def _name(original: str, folder: bool) -> str:
    """``FLIGHTS_CSV`` of ``C:\\data\\flights.csv``, ``RAW_DIR`` of ``/data/raw``, ``ROWS_URI`` of ``s3://x/rows``."""
    parts = [part for part in re.split(r"[\\/:]+", re.sub(r"[*?\[\]]+", "", original)) if part.strip("._- ")]
    base = re.sub(r"[^0-9A-Za-z]+", "_", parts[-1] if parts else "data").strip("_").upper()[:40].strip("_") or "DATA"
    if "://" in original and "." not in original.rsplit("/", 1)[-1]:
        base = f"{base}_URI"
    elif folder and not base.endswith(("DIR", "FOLDER", "PATH")):
        base = f"{base}_DIR"
    return f"FILE_{base}" if base[0].isdigit() else base


def _literal(default: str | None) -> str:
    if default is None:
        return "None"
    quote = "'" if '"' in default else '"'
    return (
        repr(default)
        if not default.isprintable() or "\\" in default or quote in default
        else f"{quote}{default}{quote}"
    )


def _guard(added: Added) -> str:
    last = re.split(r"[\\/]+", added.original.rstrip("\\/"))[-1] or "the data"
    what = "".join(each for each in last if each.isprintable() and each not in '"\\{}')
    message = f"{added.name} is not set: pass the path of {what}, as in -p {added.name} data/{what}"
    return f'if {added.name} is None:\n    raise ValueError("{message}")'
