"""What changed, and what is still to be done."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from handoff_ext.cli.diff import command as diff
from handoff_ext.cli.status import command as status
from handoff_ext.contracts.errors import NotFound
from handoff_ext.contracts.plan import Plan
from handoff_ext.plan import plan_text
from handoff_ext.publish.review import differences, open_side, readiness
from tests.rehearse.conftest import Handed


def edited(path: Path, old: str, new: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, path)


def test_pipeline_against_its_published_version(handed: Handed, copied: Path) -> None:
    edited(copied / "stages" / "30_train.ipynb", "RandomState(0)", "RandomState(1)")
    lock = copied / "requirements.lock"
    lock.write_text(lock.read_text().replace("joblib==", "joblib==0.0."))
    record = json.loads((copied / "evidence" / "run.json").read_text())
    record["metrics"][0]["pipeline"] = 0.75
    (copied / "evidence" / "run.json").write_text(json.dumps(record))
    packed = copied / "run" / "model" / "packed" / "model" / "model.json"
    packed.write_text(packed.read_text().replace('"name":"wind"', '"name":"gust"'))
    found = differences(open_side(handed.version.uri, handed.version.tracking_uri), open_side(str(copied)))
    assert found.summary["inputs"] == ["gust added", "wind removed"]
    assert found.summary["steps"] == ["train changed"]
    assert found.summary["metrics"] == ["accuracy 0.8 -> 0.75"]
    assert [line.split()[0] for line in found.summary["packages"]] == ["joblib"]
    assert found.summary["cells"] == ["stages/30_train.ipynb: 1 cell changed"]
    assert "RandomState(1)" in found.notebooks["stages/30_train.ipynb"]


def test_same_things_do_not_differ_and_outputs_do_not_count(handed: Handed, copied: Path) -> None:
    notebook = copied.parent / "flights.ipynb"
    raw = json.loads(notebook.read_text())
    raw["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}]
    notebook.write_text(json.dumps(raw))
    answer = CliRunner().invoke(diff, [str(notebook), str(handed.folder.parent / "flights.ipynb")])
    assert answer.output.startswith("No difference")


def test_git_revisions_and_paths_in_them(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = copied.parent
    monkeypatch.chdir(project)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for arguments in (["init", "-q"], ["add", "flights.ipynb"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *arguments], check=True)
    edited(project / "flights.ipynb", "n = 1500", "n = 2500")
    subprocess.run([*git, "commit", "-qam", "two"], check=True)
    for pair in (["HEAD~1", "HEAD"], ["HEAD~1:flights.ipynb", "flights.ipynb"]):
        answer = CliRunner().invoke(diff, [*pair, "--format", "json"])
        assert json.loads(answer.output)["summary"] == {"cells": ["flights.ipynb: 1 cell changed"]}
    markdown = CliRunner().invoke(diff, ["HEAD~1", "HEAD", "--format", "markdown"]).output
    assert "**Cells**" in markdown
    assert "n = 2500" in markdown
    with pytest.raises(NotFound, match="no notebook, pipeline or git revision"):
        open_side("nowhere")


def test_readiness_names_what_is_next_in_order(handed: Handed) -> None:
    found = readiness(handed.folder)
    rows = {row.what: row for row in found.rows}
    assert [row.what for row in found.rows][:3] == ["Problems", "Steps", "Test run"]
    assert rows["Clean-machine test"].ready
    assert rows["Same answers live as in training"].ready
    assert not rows["Same result as the notebook"].ready
    assert "--prove" in rows["Same result as the notebook"].do
    assert rows["Accepted by its owner"].do.startswith("handoff accept")
    assert dict(found.review)["What happens when the data changes?"] == ""


def test_status_asks_the_five_questions_of_a_review_and_marks_gaps(tmp_path: Path) -> None:
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("a = 1")]), tmp_path / "new.ipynb")
    plan = {
        "owner": {"name": "Maya Okafor"},
        "monitoring": {"check_every": "daily", "watch": [{"metric": "AUC"}]},
        "change": {"affected": "Duty managers"},
    }
    (tmp_path / "new.handoff.yaml").write_text(plan_text(Plan.model_validate(plan)))
    answer = CliRunner().invoke(status, [str(tmp_path / "new.ipynb")], standalone_mode=False)
    head, _, asked = answer.output.partition("Questions of an operational review:\n")
    assert head.index("Problems") < head.index("Steps") < head.index("Test run") < head.index("Questions")
    assert [line.strip() for line in asked.splitlines()] == [
        "Who watches it after its author has left? Maya Okafor",
        "What happens when the data changes? MISSING",
        "How will anybody know that it is wrong? Checked daily: AUC.",
        "Who brings its users along? Duty managers",
        "What does it cost, and who pays? MISSING",
    ]


def test_notebook_without_a_pipeline_is_told_to_make_one(tmp_path: Path) -> None:
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("a = 1")]), tmp_path / "new.ipynb")
    arguments = [str(tmp_path / "new.ipynb"), "--format", "json"]
    answer = CliRunner().invoke(status, arguments, standalone_mode=False)
    rows = {row["what"]: row for row in json.loads(answer.output)["rows"]}
    assert rows["Steps"]["do"].startswith("handoff extract")
    assert answer.return_value == 1
    assert "Owner" in rows["Questions"]["detail"]


def test_status_lists_versions(handed: Handed) -> None:
    answer = CliRunner().invoke(status, ["--name", "flights", "--tracking-uri", handed.version.tracking_uri])
    assert "models:/flights/1" in answer.output
    assert "passed" in answer.output
