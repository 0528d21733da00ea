"""What differs: edits by hand in extracted steps, and what changed since the published version."""

from __future__ import annotations

import json
import sys

import nbformat
import pytest

from handoff_ext.contracts.sidebar import JobRequest
from handoff_ext.pipeline import extract
from handoff_ext.server import comparing
from handoff_ext.server.jobs.command import ship_argv


@pytest.fixture
def pipeline(jp_root_dir):
    cells = [
        nbformat.v4.new_code_cell(source, metadata={"tags": tags}, id=f"c{number}")
        for number, (source, tags) in enumerate({"raw = 3": ["stage:load"], "mean = raw / 2": ["stage:train"]}.items())
    ]
    path = jp_root_dir / "small.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    extract(path)
    return jp_root_dir / "small_pipeline"


async def test_edits_by_hand_are_named_and_shown(ask, pipeline):
    assert (await ask("GET", "overview", path="small.ipynb"))[1]["edited"] == []
    assert await ask("GET", "compare", path="small.ipynb", **{"with": "edits"}) == (200, {"summary": [], "diff": ""})

    stage = next((pipeline / "stages").glob("*_train.ipynb"))
    document = nbformat.read(stage, 4)
    document.cells[-1].source = document.cells[-1].source.replace("raw / 2", "raw / 4")
    document.cells[-1].outputs = [nbformat.v4.new_output("stream", text="ran by hand")]
    nbformat.write(document, stage)

    assert (await ask("GET", "overview", path="small.ipynb"))[1]["edited"] == ["train"]
    status, answer = await ask("GET", "compare", path="small.ipynb", **{"with": "edits"})
    assert (status, answer["summary"]) == (200, ["Train: 1 place edited"])
    lines = answer["diff"].split("\n")
    assert "@@ Train @@" in lines
    assert ("-mean = raw / 2" in lines, "+mean = raw / 4" in lines) == (True, True)
    assert "ran by hand" not in answer["diff"]


async def test_nothing_built_or_published_says_what_to_press(ask, pipeline, jp_root_dir):
    status, failure = await ask("GET", "compare", path="small.ipynb", **{"with": "version"})
    assert (status, failure["message"]) == (404, "Nothing is published yet.")
    nbformat.write(nbformat.v4.new_notebook(), jp_root_dir / "new.ipynb")
    status, failure = await ask("GET", "compare", path="new.ipynb", **{"with": "edits"})
    assert (status, failure["message"]) == (404, "No steps are built yet.")


async def test_a_version_that_cannot_be_read_fails_with_the_commands_sentence(ask, pipeline, monkeypatch, tmp_path):
    said = tmp_path / "diff.sh"
    said.write_text('#!/bin/sh\necho "handoff: There is no version 1 of small." >&2\nexit 2\n')
    said.chmod(0o755)
    monkeypatch.setattr(comparing.sys, "executable", str(said))
    published = {
        "name": "small", "version": 1, "uri": "models:/small/1", "model_uri": "models:/m-0", "draft": False,
        "tracking_uri": f"sqlite:///{tmp_path}/mlflow.db", "rehearsed": True,
    }  # fmt: skip
    (pipeline / "evidence").mkdir(exist_ok=True)
    (pipeline / "evidence" / "published.json").write_text(json.dumps(published))
    status, failure = await ask("GET", "compare", path="small.ipynb", **{"with": "version"})
    assert (status, failure["message"]) == (422, "There is no version 1 of small.")


def test_cells_are_counted_as_people_do():
    cell = "## modified /cells/40/source:\n@@ -2,3 +2,4 @@\n  one.T\n+  # again"
    text = f"nbdiff a b\n{cell}\n## modified /metadata/x:\n-  1"
    lines = ["@@ cell 41 @@", "  one.T", "+  # again", "@@ modified /metadata/x @@", "-  1"]
    assert comparing._by_cell(text).split("\n") == lines


def test_each_kind_of_job_goes_as_far_as_it_says(tmp_path):
    def argv(**request):
        return ship_argv(JobRequest(path="small.ipynb", **request), tmp_path / "small.ipynb")

    assert argv(kind="build")[:1] == [sys.executable]
    assert "--until=extract" in argv(kind="build")
    assert "--until=parity" in argv(kind="test-run")
    assert not [part for part in argv(kind="publish") if part.startswith("--until") or part == "--force"]
    assert "--force" in argv(kind="test-run", force=True)
