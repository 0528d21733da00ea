"""Runs notebooks and pipelines cell by cell, in fresh processes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from handoff_ext.cells.read import read_notebook
from handoff_ext.pipeline import read_manifest

HERE = Path(__file__).parent


@dataclass
class Runner:
    """Runs cells in a fork of one process that has the slow imports behind it."""

    process: subprocess.Popen[str]

    def run(self, cells: list[str], folder: Path, wanted: list[str]) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"cells": cells, "folder": str(folder), "wanted": wanted}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def notebook(self, path: Path, wanted: list[str]) -> dict[str, Any]:
        """The notebook from top to bottom."""
        cells = [cell.source for cell in read_notebook(path).code if "skip" not in cell.tags]
        return self.run(cells, path.parent, wanted)

    def pipeline(self, folder: Path, wanted: list[str]) -> dict[str, Any]:
        """All stages, each in a process of its own; values as the last stage that has them leaves them."""
        values: dict[str, str] = {}
        for stage in read_manifest(folder).stages:
            cells = [cell.source for cell in read_notebook(folder / stage.notebook).code]
            answer = self.run(cells, folder, wanted)
            if answer["error"]:
                return {"values": values, "error": f"{stage.name}: {answer['error']}"}
            values |= answer["values"]
        return {"values": values, "error": ""}


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    process = subprocess.Popen(
        [sys.executable, "-c", "import forked; forked.serve()"],
        cwd=HERE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path_factory.mktemp("home")), "MPLBACKEND": "agg"},
    )
    yield Runner(process)
    assert process.stdin and process.stdout
    process.stdin.close()
    process.wait(20)
    process.stdout.close()
