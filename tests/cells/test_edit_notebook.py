"""Changes are applied whole or not at all; files are replaced at once and look as Jupyter writes them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from handoff_ext.cells.edit import apply_change
from handoff_ext.cells.read import from_json, read_raw
from handoff_ext.cells.write import write_notebook
from handoff_ext.contracts.change import CellChange, CellInsert, NotebookChange
from handoff_ext.contracts.errors import HandoffError


def raw(minor: int = 5) -> dict[str, Any]:
    def cell(name: str, source: Any, **metadata: Any) -> dict[str, Any]:
        made = {"cell_type": "code", "execution_count": 3, "metadata": metadata, "outputs": [{}], "source": source}
        return {**made, "id": name} if minor >= 5 else made

    cells = [cell("a", ["x = 1\n", "y = 2"], tags=["old"], mine=1), cell("b", "z = 3")]
    return {"cells": cells, "metadata": {"custom": {"k": 1}}, "nbformat": 4, "nbformat_minor": minor, "extra": [1]}


def test_source_tags_and_inserts_in_one_step() -> None:
    before = raw()
    change = NotebookChange(
        cells=(CellChange(cell_id="a", before="x = 1\ny = 2", after="x = 5\n", clear_outputs=True),),
        inserts=(
            CellInsert(index=0, cell_id="n1", kind="markdown", source="# One"),
            CellInsert(index=0, cell_id="n2", kind="code", source="q = 1\nr = 2", tags=("parameters",)),
            CellInsert(index=2, cell_id="n3", kind="code", source=""),
        ),
        tags={"a": (), "b": ("stage:load",)},
    )
    kept = copy.deepcopy(before)
    after = apply_change(before, change)
    assert before == kept
    assert [cell["id"] for cell in after["cells"]] == ["n1", "n2", "a", "b", "n3"]
    assert after["cells"][1]["source"] == ["q = 1\n", "r = 2"]
    assert after["cells"][1]["metadata"] == {"tags": ["parameters"]}
    first = after["cells"][2]
    assert (first["source"], first["outputs"], first["execution_count"]) == (["x = 5\n"], [], 3)
    assert first["metadata"] == {"mine": 1}
    assert after["cells"][3]["source"] == "z = 3"
    assert after["cells"][3]["metadata"] == {"tags": ["stage:load"]}
    assert (after["extra"], after["metadata"]) == ([1], {"custom": {"k": 1}})


def test_notebooks_without_ids_get_none() -> None:
    book = from_json("a.ipynb", raw(minor=4))
    change = NotebookChange(
        tags={book.cells[1].id: ("skip",)}, inserts=(CellInsert(index=1, cell_id="n", kind="code", source="x"),)
    )
    after = apply_change(raw(minor=4), change)
    assert all("id" not in cell for cell in after["cells"])
    assert after["cells"][2]["metadata"]["tags"] == ["skip"]


def test_a_cell_edited_meanwhile_refuses_the_whole_change() -> None:
    change = NotebookChange(cells=(CellChange(cell_id="b", before="z = 4", after="z = 5"),), tags={"a": ("x",)})
    with pytest.raises(HandoffError, match="Cell 2 was edited"):
        apply_change(raw(), change)
    with pytest.raises(HandoffError, match="no cell 'gone'"):
        apply_change(raw(), NotebookChange(tags={"gone": ()}))


def test_file_is_replaced_with_mode_and_links_kept(tmp_path: Path) -> None:
    real = tmp_path / "real.ipynb"
    real.write_text("old")
    real.chmod(0o640)
    link = tmp_path / "link.ipynb"
    link.symlink_to(real)
    write_notebook(link, {"b": "é", "a": [1]})
    assert link.is_symlink()
    assert real.read_text() == '{\n "b": "é",\n "a": [\n  1\n ]\n}\n'
    assert real.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_unknown_keys_survive_reading_and_writing(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    write_notebook(path, raw())
    assert read_raw(path) == raw()
    assert path.read_text() == json.dumps(raw(), indent=1) + "\n"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(HandoffError, match="cannot be written"):
        write_notebook(tmp_path / "none" / "a.ipynb", raw())
