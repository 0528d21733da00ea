"""Personal columns are never stored; a failure names its cell."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from handoff_ext.plan import plan_text, read_plan
from handoff_ext.publish import log
from handoff_ext.publish.registry import Registry
from handoff_ext.rehearse import rehearse
from handoff_ext.rehearse.places import where
from tests.publish import made
from tests.rehearse.conftest import Handed


def test_personal_input_is_stored_nowhere_and_the_replay_says_so(handed: Handed, copied: Path, tmp_path: Path) -> None:
    plan_file = copied.parent / "flights.handoff.yaml"
    plan = read_plan(copied.parent / "flights.ipynb")
    plan = plan.model_validate({**plan.model_dump(), "columns": {"carrier": {"personal": True}}})
    plan_file.write_text(plan_text(plan))
    (copied / "tests").mkdir()
    for name in ("sample.csv", "test_rows.py"):
        (copied / "tests" / name).write_text("")
    logged = log(copied, "personal", handed.version.tracking_uri)
    record = rehearse(logged.uri, logged.tracking_uri)
    assert record.predicts.passed, record.predicts.reason
    assert "carrier is marked personal" in record.predicts.reason
    files, _, _ = Registry(logged.tracking_uri).download(logged.uri, tmp_path / "files")
    reference = json.loads((files / "artifacts" / "reference.json").read_text())
    assert reference["rows"] == []
    profile = json.loads((files / "artifacts" / "profile.json").read_text())
    assert profile["inputs"]["carrier"]["categories"] == {}
    example = json.loads((files / "input_example.json").read_text())
    assert dict(zip(example["columns"], example["data"][0], strict=True))["carrier"] == "example"
    assert [path.name for path in (files / "pipeline" / "tests").iterdir()] == ["test_rows.py"]
    assert not [group for group in profile["slices"] if group["column"] == "carrier"]


# Made by the code, so that the code does not hold them.
PEOPLE = made.FLIGHTS.replace('["AA", "UA", "DL"]', "['person-' + str(7**9 + number) for number in range(3)]").replace(
    '"AA"', "('person-' + str(7**9))"
)


@pytest.mark.slow
def test_personal_values_stand_in_no_file_but_the_model_itself(tmp_path: Path) -> None:
    """A coder of categories has learned the words; examples, rows, card, profile and all else must not hold them."""
    plan = made.FULL_PLAN.model_validate({**made.FULL_PLAN.model_dump(), "columns": {"carrier": {"personal": True}}})
    folder = made.make(tmp_path, PEOPLE, plan=plan)
    logged = log(folder, "people", f"sqlite:///{tmp_path / 'mlflow.db'}")
    files, _, _ = Registry(logged.tracking_uri).download(logged.uri, tmp_path / "files")
    holding = {path.relative_to(files).as_posix() for path in files.rglob("*") if _holds(path, b"person-4035360")}
    assert holding == {"artifacts/model/model.skops"}
    assert "personal, not shown" in (files / "artifacts" / "MODEL_CARD.md").read_text()


def _holds(path: Path, word: bytes) -> bool:
    return path.is_file() and word in path.read_bytes()


def test_failure_names_cell_line_and_what_to_do(tmp_path: Path) -> None:
    cells = [
        nbformat.v4.new_markdown_cell("x"),
        nbformat.v4.new_code_cell("def f(x):\n    return open('/home/me/a.csv')"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "notebook.ipynb")
    error = {
        "kind": "FileNotFoundError",
        "said": "x",
        "file": "definitions.py",
        "line": 9,
        "source": "return open('/home/me/a.csv')",
    }
    assert where(error, "predicting", tmp_path) == (
        "While predicting in cell 2, line 2: a file that is only on the author's computer is read. "
        "Make it part of the model."
    )
    error["source"] = "elsewhere()"
    assert "in definitions.py, line 9" in where(error, "predicting", tmp_path)
    missing = {"kind": "ModuleNotFoundError", "said": "", "module": "weather"}
    assert "module weather is not in the exact package list" in where(missing, "loading", tmp_path)
