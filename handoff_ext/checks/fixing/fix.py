"""Fix findings: one change for all that were asked for."""

from __future__ import annotations

import ast
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from handoff_ext.cells.model import Notebook
from handoff_ext.cells.python import parse_cell
from handoff_ext.checks.engine import Checker, Located
from handoff_ext.checks.fixing.draft import Draft, Overlap
from handoff_ext.checks.ignores import cell_ignores, ignored_by, line_ignores
from handoff_ext.checks.settings import Settings
from handoff_ext.contracts.change import CellChange, NotebookChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A change, what it cannot do, and the secrets that it takes out: new environment variable to value.

    ``secrets`` is for the memory of the caller alone: never written, logged or shown.
    """

    change: NotebookChange
    advice: tuple[str, ...] = ()
    secrets: dict[str, str] = field(default_factory=dict, repr=False)


def fix(
    notebook: Notebook,
    keys: Collection[str] | None = None,
    settings: Settings | None = None,
    checker: Checker | None = None,
) -> Fixed:
    """The change that takes the named findings away; all safe ones where ``keys`` is None. Ignored ones stay.

    Findings that cannot be fixed are not in ``change.keys``.
    """
    located, facts, settings = (checker or Checker()).locate(notebook, None, settings)
    draft = Draft(facts)
    done: list[str] = []
    for each in located:
        wanted = each.finding.safe if keys is None else each.finding.key in keys and each.finding.fixable
        if not wanted or each.rule.fix is None or (keys is None and _is_ignored(notebook, each, settings)):
            continue
        draft.key = each.finding.key
        try:
            each.rule.fix(draft, each.cell, each.hit)
        except Overlap:
            continue
        done.append(each.finding.key)
    return _finished(notebook, draft, done)


def _is_ignored(notebook: Notebook, each: Located, settings: Settings) -> bool:
    if each.cell < 0:
        return ignored_by(each.finding, [], {}, settings.ignore) is not None
    cell = notebook.cells[each.cell]
    return ignored_by(each.finding, line_ignores(cell.source), cell_ignores(cell), settings.ignore) is not None


def _finished(notebook: Notebook, draft: Draft, done: list[str]) -> Fixed:
    changes, inserts, _ = draft.parameters.changes()
    by_id = {change.cell_id: change for change in changes}
    importing = _first_needing(draft)
    for cell in notebook.cells:
        edits = draft.edits.get(cell.index, [])
        cleared = bool(draft.cleared.get(cell.index)) and bool(cell.outputs)
        if not edits and not cleared and cell.index != importing:
            continue
        base = by_id.pop(cell.id, None)
        after = cell.source
        for edit in sorted(edits, key=lambda each: each.start, reverse=True):
            after = after[: edit.start] + edit.text + after[edit.end :]
        if base is not None:
            after += base.after[len(cell.source) :]
        if cell.index == importing:
            after = _with_import(after)
        by_id[cell.id] = CellChange(cell_id=cell.id, before=cell.source, after=after, clear_outputs=cleared)
    order = {cell.id: cell.index for cell in notebook.cells}
    change = NotebookChange(
        cells=tuple(sorted(by_id.values(), key=lambda each: order[each.cell_id])),
        inserts=(*inserts, *draft.inserts),
        files={name: tuple(dict.fromkeys(lines)) for name, lines in draft.files.items()},
        keys=tuple(done),
    )
    return Fixed(change=change, advice=tuple(draft.advice), secrets=dict(draft.secrets))


def _first_needing(draft: Draft) -> int | None:
    """The cell that must import ``os``: the first that needs it, where none before has it and it has none itself."""
    if not draft.imports:
        return None
    first = min(draft.imports)
    line = min(
        (draft.facts(first).source.count("\n", 0, edit.start) + 1 for edit in draft.edits.get(first, [])), default=1
    )
    for cell, facts in draft.notebook.code:
        if cell.index > first:
            break
        for node in (each.node for each in facts.walked.imports):
            names = {each.asname or each.name for each in node.names} if isinstance(node, ast.Import) else set()
            if "os" in names and node.col_offset == 0 and (cell.index < first or node.lineno < line):
                return None
    return first


def _with_import(source: str) -> str:
    """``import os`` in front of the first statement, behind ``from __future__`` and a cell magic."""
    parsed = parse_cell(source)
    lines = source.split("\n")
    at = 0
    while at < len(lines) and (
        lines[at].startswith("%%") or not lines[at].strip() or lines[at].lstrip().startswith("#")
    ):
        at += 1
    for node in parsed.tree.body if parsed.tree else ():
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            at = node.end_lineno or node.lineno
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node is parsed.tree.body[0]:  # type: ignore[union-attr]
            at = (
                (node.end_lineno or node.lineno)
                if any(
                    isinstance(each, ast.ImportFrom) and each.module == "__future__"
                    for each in parsed.tree.body  # type: ignore[union-attr]
                )
                else at
            )
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())] if at < len(lines) else ""
    return "\n".join([*lines[:at], f"{indent}import os", *lines[at:]])


def files_with(folder: Path, files: dict[str, tuple[str, ...]]) -> dict[Path, str]:
    """New texts of the files that a change adds lines to: what is there already stays, each line once."""
    found: dict[Path, str] = {}
    for name, lines in files.items():
        path = folder / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        known = set(text.splitlines())
        new = [line for line in lines if line not in known]
        if new:
            joint = "" if not text or text.endswith("\n") else "\n"
            found[path] = text + joint + "\n".join(new) + "\n"
    return found
