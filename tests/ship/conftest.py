"""A small messy notebook and its data, in a folder of its own."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from handoff_ext.cli import main

CELLS = [
    ("markdown", "# Which flower is it?\nHelps the nursery label seedlings."),
    ("code", "import numpy as np\nimport pandas as pd\nfrom sklearn.datasets import load_iris"),
    ("code", 'rows = pd.read_csv("/home/flora/data/iris.csv")\nrows.head()'),
    ("code", "rows.describe()"),
    (
        "code",
        "def area(length, width):\n    return length * width\n\n"
        'rows["petal_area"] = area(rows.petal_length, rows.petal_width)',
    ),
    (
        "code",
        "from sklearn.linear_model import LogisticRegression\n"
        "from sklearn.model_selection import train_test_split\n"
        'X = rows.drop(columns=["species"])\n'
        'y = rows["species"]\n'
        "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)",
    ),
    ("code", "model = LogisticRegression(max_iter=1000)\nmodel.fit(X_train, y_train)"),
    (
        "code",
        "from sklearn.metrics import accuracy_score\n"
        "accuracy = accuracy_score(y_test, model.predict(X_test))\n"
        'print(f"accuracy {accuracy:.3f}")',
    ),
]

PLAN = """\
owner: {name: Flora Green, contact: flora@example.org}
intent: {decision: Which label a seedling gets., good_outcome: Fewer wrong labels.}
limitations: [Not for hybrids.]
thresholds: {decision: 0.5, why: Both errors cost the same., normal_low: 0.0, normal_high: 1.0}
fallback: {kind: person}
monitoring: {check_every: weekly, truth_after_days: 30}
"""


def notebook_json(cells: list[tuple[str, str]]) -> str:
    made = []
    for number, (kind, source) in enumerate(cells):
        cell = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": source}
        made.append(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


def write_messy(folder: Path, **replaced: str) -> Path:
    """The notebook with its data and its plan in ``folder``; cells can be replaced by number."""
    from sklearn.datasets import load_iris

    frame = load_iris(as_frame=True)
    rows = frame.data.rename(columns=lambda name: name.replace(" (cm)", "").replace(" ", "_"))
    rows["species"] = [str(frame.target_names[number]) for number in frame.target]
    rows.to_csv(folder / "iris.csv", index=False)
    cells = [(kind, replaced.get(f"cell_{number}", source)) for number, (kind, source) in enumerate(CELLS)]
    notebook = folder / "flowers.ipynb"
    notebook.write_text(notebook_json(cells))
    (folder / "flowers.handoff.yaml").write_text(PLAN)
    return notebook


@pytest.fixture
def messy(tmp_path: Path) -> Callable[..., Path]:
    """Writes the notebook with its data and its plan."""
    return lambda **replaced: write_messy(tmp_path, **replaced)


class Road(NamedTuple):
    """A notebook that went the whole road, and what was said: exit code, answer, progress."""

    notebook: Path
    before: bytes
    code: int
    answer: dict[str, Any]
    progress: list[dict[str, Any]]


def ship(notebook: Path, *options: str) -> tuple[int, dict[str, Any], list[dict[str, Any]]]:
    """``handoff ship`` with a store of its own beside the notebook: exit code, answer, progress."""
    store = f"sqlite:///{notebook.parent / 'store.db'}"
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(["ship", str(notebook), "--tracking-uri", store, "--format", "json", "--progress", *options])
    said = [json.loads(line) for line in err.getvalue().splitlines() if line.startswith("{")]
    return int(ended.value.code or 0), json.loads(out.getvalue()) if out.getvalue() else {}, said


def steps(shipped: dict[str, Any]) -> dict[str, str]:
    """Step to status."""
    return {step["step"]: step["status"] for step in shipped["steps"]}


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Road:
    """The messy notebook, shipped once for all tests here: what nothing changed in is not done again."""
    notebook = write_messy(tmp_path_factory.mktemp("shipped"))
    before = notebook.read_bytes()
    return Road(notebook, before, *ship(notebook, "--name", "flowers", "--yes"))
