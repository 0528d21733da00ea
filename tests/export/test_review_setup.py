"""``handoff review-setup`` in a real repository: what git shows afterwards, and what CI will do."""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from ruamel.yaml import YAML

from handoff_ext.cli import handoff
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.export.review import set_up
from tests.export.conftest import git


def _yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text())


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of this computer; nbdime's programs are found as in an activated environment."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))


def test_git_shows_what_a_person_changed(pipeline: Path, repository: Path) -> None:
    path = pipeline.parent / "line.ipynb"
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "first")
    set_up(repository, "none")
    whole = nbformat.read(path, as_version=4)
    whole.cells[0].outputs = [nbformat.v4.new_output("stream", text="5000 rows of results\n")]
    whole.cells[0].execution_count = 7
    whole.cells[0].metadata["handoff"] = {"ignore": {"PATH001": "known"}}
    whole.cells[0].metadata["papermill"] = {"duration": 1.0}
    nbformat.write(whole, path)
    assert git(repository, "diff", "--no-color", "--", str(path)).splitlines()[1:] == []
    whole.cells[1].source += "\n# said again"
    whole.cells[1].metadata["tags"] = ["stage:fit"]
    nbformat.write(whole, path)
    shown = git(repository, "diff", "--no-color", "--", str(path))
    assert "said again" in shown and "stage:fit" in shown
    assert "results" not in shown and "PATH001" not in shown and "duration" not in shown


def test_it_adds_to_what_is_there_and_can_be_repeated(pipeline: Path, repository: Path) -> None:
    (repository / ".gitattributes").write_text("*.png binary\n")
    mine = {"Diff": {"Ignore": {"/cells/*/outputs": False}}, "NbDiff": {"source": True}}
    (repository / "nbdime_config.json").write_text(json.dumps(mine))
    for _ in range(2):
        set_up(pipeline, "none")
    attributes = (repository / ".gitattributes").read_text().split()
    assert attributes.count("*.png") == 1 and attributes.count("diff=jupyternotebook") == 1
    config = json.loads((repository / "nbdime_config.json").read_text())
    assert config["NbDiff"] == {"source": True}
    assert config["Diff"]["Ignore"]["/cells/*/outputs"] is False
    assert "handoff" in config["Diff"]["Ignore"]["/cells/*/metadata"]
    (repository / "nbdime_config.json").write_text("{")
    with pytest.raises(HandoffError, match=r"nbdime_config\.json cannot be read"):
        set_up(repository, "none")


def test_ci_checks_runs_and_states_facts(locked: Path, repository: Path) -> None:
    git(repository, "remote", "add", "origin", "git@github.com:someone/models.git")
    done = set_up(repository)
    names = [path.relative_to(repository).as_posix() for path in done.files]
    assert names[2:] == [".github/workflows/handoff-review.yml", ".github/workflows/handoff-line.yml"]
    whole = _yaml(repository / names[2])
    assert whole["permissions"] == {"contents": "read", "pull-requests": "write"}
    steps = whole["jobs"]["review"]["steps"]
    commands = [line for step in steps for line in step.get("run", "").splitlines()]
    assert any("gh pr comment" in command and "--body-file handoff-facts.md" in command for command in commands)
    # What people write in a pull request never becomes part of a command.
    assert not any("${{" in command for command in commands)
    _understood(commands)

    set_up(repository, "gitlab")
    assert _yaml(repository / ".gitlab-ci.yml") == {"include": [{"local": "/.gitlab/ci/handoff-review.yml"}]}
    job = _yaml(repository / ".gitlab/ci/handoff-review.yml")["review of notebooks"]
    assert job["artifacts"]["reports"]["codequality"] == "gl-code-quality-report.json"
    _understood(job["script"])


def _understood(commands: list[str]) -> None:
    """Each call of ours is one that this version takes."""
    ours = [shlex.split(command.partition(" > ")[0]) for command in commands if command.startswith("handoff ")]
    assert sorted(words[1] for words in ours) == ["check", "diff"]
    for _, name, *arguments in ours:
        command = handoff.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        command.make_context(name, arguments)


def test_a_pipeline_without_a_package_list_is_named(pipeline: Path, repository: Path) -> None:
    notes = set_up(repository, "github").notes
    shown = "models/line_pipeline"
    assert f"{shown} has no exact package list yet; then: handoff export github {shown}" in notes


def test_outside_a_repository_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(HandoffError, match="is not in a git repository"):
        set_up(tmp_path / "repo2")
