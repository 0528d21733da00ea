"""Apply a change to a stored notebook: the only place where notebooks are edited."""

from __future__ import annotations

from typing import Any

from handoff_ext.cells.read import ids_of, raw_cells, source_of
from handoff_ext.contracts.change import CellInsert, NotebookChange
from handoff_ext.contracts.errors import HandoffError


def apply_change(raw_json: dict[str, Any], change: NotebookChange) -> dict[str, Any]:
    """A new notebook with the change in it; the given one stays as it is. Lines for other files are not its business.

    Raises ``HandoffError`` and changes nothing where a cell is gone or is not what the change was made for.
    """
    if raw_json.get("nbformat", 4) < 4:
        raise HandoffError("The notebook is in an old format and is not edited.", "Open it in Jupyter and save it.")
    stored = raw_cells(raw_json)
    index_of = {id_: index for index, id_ in enumerate(ids_of(stored))}
    cells = list(stored)
    for edit in change.cells:
        index = _find(index_of, edit.cell_id)
        if source_of(stored[index]) != edit.before.replace("\r\n", "\n"):
            raise HandoffError(f"Cell {index + 1} was edited since this change was made.", "Check the notebook again.")
        cells[index] = _with_source(cells[index], edit.after)
        if edit.clear_outputs and cells[index].get("cell_type") == "code":
            cells[index] = {**cells[index], "outputs": []}
    for cell_id, tags in change.tags.items():
        index = _find(index_of, cell_id)
        cells[index] = _with_tags(cells[index], tags)
    minor = raw_json.get("nbformat_minor", 0)
    with_ids = isinstance(minor, int) and (raw_json.get("nbformat", 4), minor) >= (4, 5)
    # from the back, so that the places of the earlier ones stay true; of two at one place the first stays first
    for _, insert in sorted(enumerate(change.inserts), key=lambda each: (each[1].index, each[0]), reverse=True):
        cells.insert(max(0, min(insert.index, len(stored))), _new_cell(insert, with_ids))
    return {**raw_json, "cells": cells}


def _find(index_of: dict[str, int], cell_id: str) -> int:
    if cell_id not in index_of:
        raise HandoffError(f"The notebook has no cell {cell_id!r} any more.", "Check the notebook again.")
    return index_of[cell_id]


def _with_source(cell: dict[str, Any], source: str) -> dict[str, Any]:
    return {**cell, "source": source.splitlines(keepends=True) if isinstance(cell.get("source"), list) else source}


def _with_tags(cell: dict[str, Any], tags: tuple[str, ...]) -> dict[str, Any]:
    metadata = {key: value for key, value in (cell.get("metadata") or {}).items() if key != "tags"}
    return {**cell, "metadata": {**metadata, "tags": list(tags)} if tags else metadata}


def _new_cell(insert: CellInsert, with_id: bool) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": insert.kind}
    if insert.kind == "code":
        cell |= {"execution_count": None}
    if with_id:
        cell |= {"id": insert.cell_id}
    cell |= {"metadata": {"tags": list(insert.tags)} if insert.tags else {}}
    if insert.kind == "code":
        cell |= {"outputs": []}
    return cell | {"source": insert.source.splitlines(keepends=True)}
