"""How a change looks, as a unified diff that people read before they take it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import unified_diff
from itertools import islice
from typing import TYPE_CHECKING

from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.secrets.shown import shown

if TYPE_CHECKING:
    from handoff_ext.cells.model import Notebook
    from handoff_ext.contracts.change import NotebookChange


def difference(notebook: Notebook, change: NotebookChange, secrets: Mapping[str, str], by_place: bool = False) -> str:
    """Cell by cell, then new cells and lines for files beside the notebook.

    ``by_place``: each part has its cell or file as its only header, ``@@ cell 3 @@``, as the sidebar shows it.
    No secret is shown whole: neither the values of ``secrets``, which the change takes out, nor those that stay.
    """
    text = "\n".join(_lines(notebook, change, _placed if by_place else _unified))
    changed = {edit.cell_id for edit in change.cells}
    hidden = {
        use.value for cell in notebook.code if cell.id in changed for use in CellFacts("code", cell.source).secrets
    }
    for value in sorted({*secrets.values(), *hidden}, key=len, reverse=True):
        text = text.replace(value, f"[{shown('secret', value)}]") if len(value) > 2 else text
    return text + "\n" if text else ""


_Part = Callable[[list[str], list[str], str, str], Iterator[str]]


def _lines(notebook: Notebook, change: NotebookChange, part: _Part) -> Iterator[str]:
    index = {cell.id: cell.index for cell in notebook.cells}
    for edit in change.cells:
        name = f"cell {index[edit.cell_id] + 1}"
        yield from part(edit.before.split("\n"), edit.after.split("\n"), name, name)
        if edit.clear_outputs:
            yield f"# {name}: its output is cleared"
    for insert in change.inserts:
        yield from part([], insert.source.split("\n"), "", f"new cell {insert.index + 1}")
    for file, lines in change.files.items():
        yield from part([], list(lines), file, file)


def _unified(before: list[str], after: list[str], old: str, new: str) -> Iterator[str]:
    return unified_diff(before, after, old, new, lineterm="")


def _placed(before: list[str], after: list[str], old: str, new: str) -> Iterator[str]:
    for line in islice(_unified(before, after, old, new), 2, None):
        yield f"@@ {new} @@" if line.startswith("@@ ") else line
