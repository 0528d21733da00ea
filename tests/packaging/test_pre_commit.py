"""The hooks that other repositories take from this one, run by pre-commit itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pre_commit.clientlib import load_manifest

ROOT = Path(__file__).resolve().parents[2]


def notebook(source: str) -> str:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository that uses the hooks, as they are declared, with the environment of this test."""
    hooks = [
        {key: hook[key] for key in ("id", "name", "entry", "types")} | {"language": "system"}
        for hook in load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))
    ]
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [{"repo": "local", "hooks": hooks}]}))
    (tmp_path / "rows.csv").write_text("a\n1\n")
    (tmp_path / "notes.txt").write_text('open("/home/joe/rows.csv")')
    (tmp_path / "plain.ipynb").write_text(notebook("print(1)"))
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "add", "-A"], check=True)
    return tmp_path


def hook(repository: Path, name: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PRE_COMMIT_HOME": str(repository / ".cache"),
    }
    command = [sys.executable, "-m", "pre_commit", "run", name, "--all-files"]
    return subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)


def test_only_a_problem_in_a_notebook_stops_a_commit_and_the_other_hook_mends_it(repository: Path) -> None:
    assert hook(repository, "handoff-check").returncode == 0
    bad = repository / "bad.ipynb"
    bad.write_text(notebook('rows = open("/home/joe/rows.csv").read()'))
    subprocess.run(["git", "-C", str(repository), "add", "-A"], check=True)
    done = hook(repository, "handoff-check")
    assert done.returncode == 1
    assert "bad.ipynb" in done.stdout
    assert "notes.txt" not in done.stdout
    hook(repository, "handoff-fix")
    assert "/home/joe" not in bad.read_text()
    assert hook(repository, "handoff-check").returncode == 0
