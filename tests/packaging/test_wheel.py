"""The wheel installs and works where there is no Node, and Jupyter finds both halves of the extension."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str | Path, env: dict[str, str] | None = None, cwd: Path = ROOT) -> str:
    done = subprocess.run(
        [str(part) for part in command], env=env, cwd=cwd, capture_output=True, text=True, check=False, timeout=280
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def without_node(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    (wheel,) = folder.glob("*.whl")
    venv = folder / "venv"
    run(sys.executable, "-m", "uv", "venv", "-q", "--python", sys.executable, venv)
    run(sys.executable, "-m", "uv", "pip", "install", "-q", "--python", venv / "bin/python", f"{wheel}[lab]")
    home = folder / "home"
    home.mkdir()
    environment = {"PATH": str(venv / "bin"), "HOME": str(home), "LANG": "C.UTF-8"}
    return venv / "bin", environment


def test_jupyter_lists_both_halves(without_node: tuple[Path, dict[str, str]]) -> None:
    binaries, environment = without_node
    labextensions = run(binaries / "jupyter", "labextension", "list", env=environment)
    (line,) = [line for line in labextensions.splitlines() if "handoff-ext" in line]
    assert "enabled" in line
    assert "OK" in line
    extensions = run(binaries / "jupyter", "server", "extension", "list", env=environment)
    said = " ".join(re.sub(r"\x1b\[\d+m", "", extensions).split())
    assert "handoff_ext.server enabled" in said
    assert "handoff_ext.server OK" in said


def test_the_command_works_without_node(without_node: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    binaries, environment = without_node
    assert not (binaries / "node").exists()
    notebook = tmp_path / "clean.ipynb"
    notebook.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    run(binaries / "handoff", "check", notebook, env={**os.environ, **environment}, cwd=tmp_path)
