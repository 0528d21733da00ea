"""A person's edits in the pipeline's folder outlive the next extraction."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.pipeline import extract
from tests.pipeline.notebooks import write_notebook_of

BEFORE = """
%% stage:a
first = [1, 2]
second = len(first)
%% stage:b
total = second + 1
print(total)
%% -
unused = 0
"""


def edit(path: Path, cell_id: str, change: Callable[[str], str]) -> None:
    raw = json.loads(path.read_text())
    for cell in raw["cells"]:
        if cell["id"] == cell_id:
            cell["source"] = change("".join(cell["source"])).splitlines(keepends=True)
    path.write_text(json.dumps(raw, indent=1))


def source(path: Path, cell_id: str) -> str:
    return next("".join(cell["source"]) for cell in json.loads(path.read_text())["cells"] if cell["id"] == cell_id)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    extract(write_notebook_of(BEFORE, tmp_path / "n.ipynb"))
    return tmp_path / "n_pipeline"


def test_edit_stays_where_the_notebook_did_not_change(folder: Path) -> None:
    stage = folder / "stages" / "20_b.ipynb"
    edit(stage, "c1", lambda text: text + "\nprint('mine')")
    extract(folder.parent / "n.ipynb")
    assert source(stage, "c1").endswith("print('mine')")


def test_edit_and_change_of_other_cells_are_both_there(folder: Path) -> None:
    stage = folder / "stages" / "20_b.ipynb"
    edit(stage, "c1", lambda text: text + "\nprint('mine')")
    write_notebook_of(BEFORE.replace("%% -\nunused = 0", "%% stage:b\nlast = total * 2"), folder.parent / "n.ipynb")
    extract(folder.parent / "n.ipynb")
    assert source(stage, "c1").endswith("print('mine')")
    assert source(stage, "c2") == "last = total * 2"
    assert "last" in (folder / ".base" / "stages" / "20_b.ipynb").read_text()
    assert "mine" not in (folder / ".base" / "stages" / "20_b.ipynb").read_text()
    extract(folder.parent / "n.ipynb")
    assert source(stage, "c1").endswith("print('mine')")


def test_texts_are_merged_line_by_line(folder: Path) -> None:
    readme = folder / "README.md"
    readme.write_text(readme.read_text() + "\nAsk Maya about the input.\n")
    after = BEFORE.replace("[1, 2]", "[1, 2]\nthird = sum(first)").replace("second +", "third + second +")
    write_notebook_of(after, folder.parent / "n.ipynb")
    extract(folder.parent / "n.ipynb")
    assert "Ask Maya" in readme.read_text()
    assert "`third`" in readme.read_text()


def test_conflict_is_said_and_nothing_is_written(folder: Path) -> None:
    stage = folder / "stages" / "20_b.ipynb"
    edit(stage, "c1", lambda text: text.replace("+ 1", "+ 100"))
    edited = stage.read_text()
    base = (folder / ".base" / "stages" / "20_b.ipynb").read_text()
    write_notebook_of(BEFORE.replace("second + 1", "second + 2"), folder.parent / "n.ipynb")
    with pytest.raises(HandoffError) as caught:
        extract(folder.parent / "n.ipynb")
    assert "You edited stages/20_b.ipynb" in caught.value.message
    assert stage.read_text() == edited
    assert (folder / ".base" / "stages" / "20_b.ipynb").read_text() == base


def test_running_a_stage_in_place_is_no_edit(folder: Path) -> None:
    stage = folder / "stages" / "20_b.ipynb"
    raw = json.loads(stage.read_text())
    for cell in raw["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"execution_count": 3, "outputs": [{"output_type": "stream", "name": "stdout", "text": "3"}]}
    stage.write_text(json.dumps(raw))
    write_notebook_of(BEFORE.replace("second + 1", "second + 2"), folder.parent / "n.ipynb")
    extract(folder.parent / "n.ipynb")
    assert source(stage, "c1") == "total = second + 2\nprint(total)"


def test_other_files_of_the_folder_stay_and_dropped_stages_go(folder: Path) -> None:
    (folder / "evidence").mkdir()
    (folder / "evidence" / "run.json").write_text("{}")
    write_notebook_of(BEFORE.replace("%% stage:b", "%% stage:a"), folder.parent / "n.ipynb")
    extract(folder.parent / "n.ipynb")
    assert (folder / "evidence" / "run.json").exists()
    assert sorted(path.name for path in (folder / "stages").iterdir()) == ["10_a.ipynb"]


def test_nbdiff_sees_nothing_between_two_extractions(folder: Path) -> None:
    import nbformat
    from nbdime import diff_notebooks

    stage = folder / "stages" / "10_a.ipynb"
    first = nbformat.read(stage, as_version=4)
    extract(folder.parent / "n.ipynb")
    assert diff_notebooks(first, nbformat.read(stage, as_version=4)) == []
