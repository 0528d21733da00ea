"""What is exported runs on a machine that has neither this program nor the data: exactly the written commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from ruamel.yaml import YAML

from handoff_ext.export.exporting import export
from handoff_ext.pipeline import read_manifest
from handoff_ext.publish.uv import compile_pins
from handoff_ext.run import run_pipeline
from tests.export.conftest import git

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
AIRFLOW = ["apache-airflow>=3,<4", "apache-airflow-providers-papermill", "ipykernel"]


@pytest.fixture
def ran(pipeline: Path) -> Path:
    """The pipeline after a run, with the exact list of what a kernel without packages needs."""
    run_pipeline(pipeline)
    text = compile_pins(["ipykernel"], sys.executable, resolve=True)
    (pipeline / "requirements.lock").write_text(text)
    return pipeline


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours: another home, no settings, the system's Python first on the path."""
    python = folder / "bin"
    shutil.rmtree(python, ignore_errors=True)
    python.mkdir()
    (python / "python").symlink_to(Path(sys.base_prefix, "bin", "python3"))
    path = os.pathsep.join([str(python), "/usr/local/bin", "/usr/bin", "/bin"])
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "REQUESTS_", "http"))}
    return {**kept, "PATH": path, "HOME": str(folder)}


def test_the_workflows_commands_run_elsewhere(ran: Path, repository: Path, tmp_path: Path) -> None:
    done = export("github", ran)
    assert done.notes == []
    golden = json.loads((ran / "tests/golden.json").read_text())
    assert golden["printed"]["load"] == ["1667 rows"]
    assert golden["printed"]["evaluate"][0].startswith("error ")
    git(repository, "add", "-A")
    git(repository, "rm", "-q", "--cached", "models/points.csv", "-r", "models/line_pipeline/run")
    git(repository, "commit", "-qm", "with CI")

    elsewhere = tmp_path / "elsewhere"
    git(tmp_path, "clone", "-q", str(repository), str(elsewhere))
    whole = YAML(typ="safe").load(elsewhere / ".github/workflows/handoff-line.yml")
    job = whole["jobs"]["pipeline"]
    folder = elsewhere / job["defaults"]["run"]["working-directory"]
    home = tmp_path / "home"
    home.mkdir()
    for step in (step for step in job["steps"] if "run" in step):
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        environment = _environment(home)
        ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, f"{step['name']}: {ended.stdout[-2000:]} {ended.stderr[-2000:]}"
    # Skipped: that a row without a column is refused, since these rows are lists without columns. The model is asked.
    assert "9 passed, 1 skipped" in ended.stdout
    assert json.loads((ran / "tests/golden.json").read_text())["answers"]
    kept = elsewhere / job["steps"][-1]["with"]["path"]
    executed = sorted(path.name for path in kept.iterdir())
    assert executed == [stage.notebook.rpartition("/")[2] for stage in read_manifest(ran).stages]
    assert not list(elsewhere.rglob("site-packages/handoff_ext"))
    _bad_golden_is_noticed(folder, home)


def _bad_golden_is_noticed(folder: Path, home: Path) -> None:
    """A changed number fails the pipeline's own tests."""
    file = folder / "tests/golden.json"
    golden: dict[str, Any] = json.loads(file.read_text())
    golden["printed"]["evaluate"][0] = "error 0.1234"
    file.write_text(json.dumps(golden))
    ended = subprocess.run(
        [".ci/papermill/bin/python", "-m", "pytest", "tests", "-q"],
        cwd=folder,
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1 and "1 failed" in ended.stdout


def test_the_readmes_commands_run_with_papermill_alone(pipeline: Path) -> None:
    text = (pipeline / "README.md").read_text()
    commands = text.partition("```bash\n")[2].partition("```")[0]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path}
    subprocess.run(["bash", "-ec", commands], cwd=pipeline, check=True, capture_output=True, env=environment)
    last = nbformat.read(pipeline / "run/executed/30_evaluate.ipynb", as_version=4)
    said = "".join(output.get("text", "") for cell in last.cells for output in cell.get("outputs", []))
    assert said.startswith("error ")


def test_airflow_runs_the_dag(pipeline: Path, tmp_path: Path) -> None:
    python = _airflow()
    [dag] = export("airflow", pipeline).files
    home = tmp_path / "airflow"
    environment = {
        "PATH": os.pathsep.join([str(python.parent), "/usr/bin", "/bin"]),
        "HOME": str(tmp_path),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dag.parent),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }

    def airflow(*arguments: str) -> str:
        ended = subprocess.run(
            [str(python.parent / "airflow"), *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, (ended.stdout + ended.stderr)[-4000:]
        return ended.stdout + ended.stderr

    airflow("db", "migrate")
    airflow("dags", "test", "line", "--conf", json.dumps({"N_TRAIN": 100}))
    executed = sorted(path.name for path in (pipeline / "run").glob("*/executed/*.ipynb"))
    assert executed == [stage.notebook.rpartition("/")[2] for stage in read_manifest(pipeline).stages]
    [train] = (pipeline / "run").glob("*/executed/20_train.ipynb")
    assert "N_TRAIN = 100\n" in train.read_text().replace('\\n"', "\n")


def _airflow() -> Path:
    """Airflow in an environment of its own, kept for later sessions."""
    folder = Path(tempfile.gettempdir()) / f"handoff-tests-{os.getuid()}" / "airflow-3"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        uv = [sys.executable, "-m", "uv"]
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([*uv, "venv", "-q", "--python", sys.executable, str(folder)], check=True)
        subprocess.run([*uv, "pip", "install", "-q", "--python", str(python), *AIRFLOW], check=True)
        (folder / "ready").touch()
    return python
