"""Notebooks whose names mean something else to papermill."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from handoff_ext.run.executing import load


@pytest.mark.parametrize("name", ["-odd name.ipynb", "s3:a.ipynb"])
def test_a_name_is_a_file_here(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("a = 1")]), tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert load(Path(name), {}).cells[0].source == "a = 1"
