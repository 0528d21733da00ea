"""What is written for CI and Airflow says exactly what the pipeline is."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ruamel.yaml import YAML

from handoff_ext.cli import main
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.progress import silent
from handoff_ext.export.exporting import export
from handoff_ext.export.sample import _without, ensure_sample
from handoff_ext.pipeline import read_manifest


def _yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text())


def _check_commands(commands: list[str], pipeline: Path) -> None:
    """Installs with hashes, then every step once, in order, with those values that it takes, then the tests."""
    manifest = read_manifest(pipeline)
    installs = [command for command in commands if " pip install " in command]
    assert [command.split(" -r ")[1] for command in installs] == ["requirements.lock", "tests/papermill.lock"]
    assert all("--require-hashes" in command for command in installs)
    ran = [shlex.split(command) for command in commands if command.startswith(".ci/papermill/bin/papermill ")]
    assert [words[1] for words in ran] == [stage.notebook for stage in manifest.stages]
    values: list[dict[str, Any]] = []
    for words in ran:
        assert words[3:5] == ["--cwd", "."]
        assert words[2].startswith(f"{manifest.run_dir}/executed/")
        raw = {words[i + 1]: words[i + 2] for i, word in enumerate(words) if word == "-r"}
        typed = [json.loads(words[i + 1]) for i, word in enumerate(words) if word == "-y"]
        values.append(raw | {name: value for each in typed for name, value in each.items()})
    assert values == [{"points_csv": "tests/sample/it's = a name.csv"}, {"N_TRAIN": 7}, {}]
    assert commands[-1] == ".ci/papermill/bin/python -m pytest tests"
    assert all("handoff" not in command for command in commands)


def test_github_workflow(locked: Path, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", "github", str(locked), "--format", "json"])
    assert ended.value.code == 0
    path = repository / ".github/workflows/handoff-line.yml"
    assert json.loads(capsys.readouterr().out) == {"files": [str(path)], "notes": []}
    whole = _yaml(path)
    assert whole["permissions"] == {"contents": "read"}
    job = whole["jobs"]["pipeline"]
    assert job["defaults"]["run"]["working-directory"] == "models/line_pipeline"
    assert whole["on"]["pull_request"]["paths"][0] == "models/line_pipeline/**"
    uses = {step["uses"].partition("@")[0]: step for step in job["steps"] if "uses" in step}
    assert uses["actions/setup-python"]["with"]["python-version"] == "3.11"
    assert uses["actions/upload-artifact"]["with"]["path"] == "models/line_pipeline/run/executed"
    assert uses["actions/upload-artifact"]["if"] == "always()"
    commands = [line for step in job["steps"] for line in step.get("run", "").splitlines()]
    _check_commands(commands, locked)


def test_gitlab_job(locked: Path, repository: Path) -> None:
    done = export("gitlab", locked)
    path = repository / ".gitlab/ci/handoff-line.yml"
    assert done.files == [path, repository / ".gitlab-ci.yml"]
    assert _yaml(repository / ".gitlab-ci.yml") == {"include": [{"local": "/.gitlab/ci/handoff-line.yml"}]}
    job = _yaml(path)["pipeline line"]
    assert job["image"] == "python:3.11-bookworm"
    assert job["script"][0] == "cd models/line_pipeline"
    assert job["artifacts"] == {
        "when": "always",
        "paths": ["models/line_pipeline/run/executed"],
        "expire_in": "4 weeks",
    }
    _check_commands(job["script"][1:], locked)
    (repository / ".gitlab-ci.yml").write_text("mine: {script: [true]}\n")
    assert export("gitlab", locked).notes == [
        "Add to .gitlab-ci.yml, below include:  - local: /.gitlab/ci/handoff-line.yml"
    ]
    assert _yaml(repository / ".gitlab-ci.yml") == {"mine": {"script": [True]}}


def test_an_edited_file_is_never_written_over(locked: Path, repository: Path) -> None:
    [path] = export("github", locked).files
    first = path.read_text()
    export("github", locked)
    assert path.read_text() == first
    path.write_text(first.replace("60", "90"))
    with pytest.raises(HandoffError, match="was edited"):
        export("github", locked)
    path.write_text("on: push\n")
    with pytest.raises(HandoffError, match="is there already"):
        export("github", locked)
    assert path.read_text() == "on: push\n"
    assert export("github", locked, repository / "other.yml").files == [repository / "other.yml"]


def test_what_is_missing_is_said(locked: Path) -> None:
    (locked / "requirements.lock").unlink()
    with pytest.raises(HandoffError, match="has no exact package list") as missing:
        export("github", locked)
    assert missing.value.hint == f"Write it: handoff lock {locked}"
    (locked / "evidence/run.json").unlink()
    with pytest.raises(HandoffError, match="has not been run yet"):
        export("gitlab", locked)


def test_the_airflow_dag_is_the_pipeline(locked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read by stand-ins for Airflow's classes; a slow test runs it in Airflow itself."""
    [path] = export("airflow", locked).files
    made: dict[str, Any] = {}
    ran: list[tuple[str, dict[str, Any], str]] = []

    class Operator:
        def __init__(self, **given: Any) -> None:
            self.__dict__.update(given)
            self.after: list[str] = []
            made[given["task_id"]] = self

        def __rshift__(self, other: Any) -> None:
            other.after.append(self.task_id)

        def execute(self, context: Any) -> None:
            ran.append((self.task_id, self.parameters, str(Path.cwd())))

    class Dag:
        def __init__(self, **given: Any) -> None:
            made["dag"] = given

        __enter__ = __exit__ = lambda *_: None

    sdk, papermill = ModuleType("airflow.sdk"), ModuleType("airflow.providers.papermill.operators.papermill")
    vars(sdk).update(DAG=Dag, Param=lambda **about: about)
    vars(papermill).update(PapermillOperator=Operator)
    monkeypatch.setitem(sys.modules, sdk.__name__, sdk)
    monkeypatch.setitem(sys.modules, papermill.__name__, papermill)
    monkeypatch.chdir(tmp_path)
    exec(compile(path.read_text(), str(path), "exec"), {"__file__": str(path), "__name__": "dag"})

    manifest = read_manifest(locked)
    dag = made.pop("dag")
    assert dag["dag_id"] == "line"
    assert dag["params"] == {
        "points_csv": {"default": "../points.csv", "type": "string", "description": "the measured points"},
        "N_TRAIN": {"default": 3000, "type": "integer", "description": "rows to train on"},
    }
    assert {name: step.after for name, step in made.items()} == {each.name: each.after for each in manifest.stages}
    assert [Path(step.input_nb) for step in made.values()] == [locked / each.notebook for each in manifest.stages]
    made["train"].output_nb = str(tmp_path / "run/executed/out.ipynb")
    made["train"].execute({"params": {"points_csv": "x", "N_TRAIN": 5}})
    assert ran == [("train", {"run_dir": made["train"].parameters["run_dir"], "N_TRAIN": 5}, str(locked))]


def test_a_sample_is_spread_over_the_table_and_sizes_shrink_with_it(
    pipeline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff_ext.export.sample._run", lambda folder: "")
    manifest = read_manifest(pipeline)
    sample = ensure_sample(pipeline, manifest, {}, ["email"], silent)
    assert sample.notes == []
    assert sample.parameters == {"points_csv": "tests/sample/points_csv.csv", "N_TRAIN": 1000}
    rows = (pipeline / "tests/sample/points_csv.csv").read_text().splitlines()
    assert (rows[0], rows[1], rows[2], len(rows)) == ("x,y,email", "1,3,example", "4,12,example", 1668)
    assert _yaml(pipeline / "tests/ci.yaml") == sample.parameters
    (pipeline / "tests/ci.yaml").write_text("N_TRAIN: 5\n")
    assert ensure_sample(pipeline, manifest, {}, [], silent).parameters == {"N_TRAIN": 5}


def test_personal_values_stay_here() -> None:
    table = 'name,age,note\n"Ann, B",31,"a\nb"\nCy,40,c\n'
    assert _without(table, ",", ["name", "age"]) == 'name,age,note\nexample,31,"a\nb"\nexample,31,c\n'
