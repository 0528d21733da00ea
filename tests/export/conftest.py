"""A pipeline cut from a small notebook that needs nothing but Python, in a git repository of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import nbformat
import pytest

from handoff_ext.contracts.evidence import Environment, RunRecord, StageRun
from handoff_ext.pipeline import extract, read_manifest

CELLS = {
    "load": (
        "stage:load",
        'import csv\n\npoints_csv = "points.csv"  # the measured points\nwith open(points_csv, newline="") as file:\n'
        "    rows = [(float(row['x']), float(row['y'])) for row in csv.DictReader(file)]\nprint(len(rows), 'rows')",
    ),
    "line": (
        "",
        "class Line:\n    def fit(self, xs, ys):\n        self.slope = sum(x * y for x, y in zip(xs, ys)) / "
        "sum(x * x for x in xs)\n        return self\n\n    "
        "def predict(self, xs):\n        return [self.slope * x for x in xs]",
    ),
    "fit": (
        "stage:train",
        "N_TRAIN = 3000  # rows to train on\ntrain, test = rows[:N_TRAIN], rows[N_TRAIN:]\n"
        "train_x, train_y = [x for x, y in train], [y for x, y in train]\n"
        "test_x, test_y = [x for x, y in test], [y for x, y in test]\nmodel = Line().fit(train_x, train_y)",
    ),
    "score": (
        "stage:evaluate",
        "answers = model.predict(test_x)\n"
        "error = sum(abs(a - y) for a, y in zip(answers, test_y)) / len(test_y)\nprint(f'error {error:.4f}')",
    ),
}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    return root


@pytest.fixture
def pipeline(repository: Path) -> Path:
    """The pipeline's folder, ``models/line_pipeline`` in the repository, not yet run."""
    folder = repository / "models"
    folder.mkdir()
    whole = nbformat.v4.new_notebook()
    for name, (tag, source) in CELLS.items():
        cell = nbformat.v4.new_code_cell(source, id=name)
        cell.metadata["tags"] = [tag] if tag else []
        whole.cells.append(cell)
    whole.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(whole, folder / "line.ipynb")
    lines = ["x,y,email", *(f"{x},{2 * x + x % 7},{x}@example.org" for x in range(1, 5001))]
    (folder / "points.csv").write_text("\n".join(lines) + "\n")
    extract(folder / "line.ipynb")
    return folder / "line_pipeline"


@pytest.fixture
def locked(pipeline: Path) -> Path:
    """As if it had been run and locked, and had its sample."""
    manifest = read_manifest(pipeline)
    record = RunRecord(
        hash=manifest.source.hash,
        parameters={each.name: each.default for each in manifest.parameters},
        stages=[StageRun(name=each.name, status="ok", seconds=1, notebook="x") for each in manifest.stages],
        environment=Environment(python="3.11.9", platform="Linux"),
    )
    (pipeline / "evidence").mkdir()
    (pipeline / "evidence" / "run.json").write_text(record.model_dump_json())
    (pipeline / "requirements.lock").write_text("ipykernel==7.0 --hash=sha256:0\n")
    (pipeline / "tests" / "papermill.lock").write_text("papermill==2.7.0 --hash=sha256:0\n")
    (pipeline / "tests" / "ci.yaml").write_text(
        json.dumps({"points_csv": "tests/sample/it's = a name.csv", "N_TRAIN": 7})
    )
    return pipeline
