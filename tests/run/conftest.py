"""Small pipelines, written by hand in the format that extraction writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from ruamel.yaml import YAML

from handoff_ext.contracts.pipeline import Manifest
from tests.run.pipeline_cells import reads, writes

Cells = dict[str, str]
WritePipeline = Callable[..., Path]


def notebook(cells: Cells) -> nbformat.NotebookNode:
    """A notebook of code cells by id; the one called ``parameters`` carries that tag."""
    made = []
    for name, source in cells.items():
        cell = nbformat.v4.new_code_cell(source, id=name)
        cell.metadata["tags"] = ["parameters"] if name == "parameters" else []
        made.append(cell)
    whole = nbformat.v4.new_notebook(cells=made)
    whole.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    whole.metadata["language_info"] = {"name": "python"}
    return whole


@pytest.fixture
def write_pipeline(tmp_path: Path) -> WritePipeline:
    """Write a pipeline's folder: ``stages`` maps names to cells, ``manifest`` are fields of ``pipeline.yaml``;
    ``after`` (stage to stages) defaults to one after the other."""

    def write(
        stages: dict[str, Cells],
        after: dict[str, list[str]] | None = None,
        name: str = "small",
        details: dict[str, dict[str, Any]] | None = None,
        **manifest: Any,
    ) -> Path:
        folder = tmp_path / f"{name}_pipeline"
        (folder / "stages").mkdir(parents=True, exist_ok=True)
        listed = []
        before: list[str] = []
        for number, (stage, cells) in enumerate(stages.items(), 1):
            path = f"stages/{number}0_{stage}.ipynb"
            nbformat.write(notebook(cells), folder / path)
            own = after.get(stage, []) if after is not None else before[-1:]
            ids = [cell for cell in cells if cell not in ("parameters", "inputs", "outputs")]
            listed.append(
                {"name": stage, "notebook": path, "after": own, "cells": ids, **(details or {}).get(stage, {})}
            )
            before.append(stage)
        fields = {"name": name, "source": {"notebook": f"{name}.ipynb", "hash": "0" * 64}, "stages": listed, **manifest}
        whole = Manifest.model_validate(fields)
        with (folder / "pipeline.yaml").open("w") as file:
            YAML().dump(whole.model_dump(mode="json"), file)
        return folder

    return write


@pytest.fixture
def write_notebook(tmp_path: Path) -> Callable[..., Path]:
    """Write a notebook beside the pipelines."""

    def write(cells: Cells, name: str = "small") -> Path:
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(notebook(cells), path)
        return path

    return write


@pytest.fixture
def slope(write_pipeline: WritePipeline) -> Path:
    """A model without any library: a line through the origin, in three stages, its class in ``definitions.py``."""
    folder = write_pipeline(
        {
            "load": {
                "parameters": 'run_dir: str = "run"\nseed: int = 0',
                "c-load": (
                    "import random\nrandom.seed(seed)\n"
                    "rows = [(x, 2.5 * x + random.random()) for x in range(200)]\nprint(len(rows))"
                ),
                "outputs": writes("load", "train", "rows", "seed"),
            },
            "train": {
                "parameters": 'run_dir: str = "run"',
                "inputs": reads("load", "train"),
                "c-split": (
                    "import random\nrandom.Random(seed).shuffle(rows)\ntrain, test = rows[:150], rows[150:]\n"
                    "X_train, y_train = [x for x, y in train], [y for x, y in train]\n"
                    "X_test, y_test = [x for x, y in test], [y for x, y in test]"
                ),
                "c-fit": "from definitions import Slope\nmodel = Slope().fit(X_train, y_train)\nmodel",
                "outputs": writes("train", "evaluate", "model", "X_test", "y_test"),
            },
            "evaluate": {
                "parameters": 'run_dir: str = "run"',
                "inputs": reads("train", "evaluate"),
                "c-score": (
                    "answers = model.predict(X_test)\n"
                    "error = sum(abs(a - b) for a, b in zip(answers, y_test)) / len(y_test)\nprint(error)"
                ),
            },
        },
        name="slope",
        details={
            "load": {"writes": {"train": ["rows", "seed"]}, "parameters": ["seed"]},
            "train": {"reads": {"load": ["rows", "seed"]}, "writes": {"evaluate": ["model", "X_test", "y_test"]}},
            "evaluate": {"reads": {"train": ["model", "X_test", "y_test"]}},
        },
        parameters=[{"name": "seed", "type": "int", "default": 0, "meaning": "seed of the rows", "stages": ["load"]}],
        model={
            "variable": "model",
            "stage": "train",
            "cell_id": "c-fit",
            "methods": ["predict", "predict_proba"],
            "train": {"stage": "train", "cell_id": "c-split", "x": "X_train", "y": "y_train"},
            "holdout": {"stage": "train", "cell_id": "c-split", "x": "X_test", "y": "y_test"},
        },
        metrics=[{"name": "error", "expression": "error", "stage": "evaluate", "cell_id": "c-score"}],
        definitions=["Slope"],
    )
    (folder / "definitions.py").write_text(SLOPE)
    return folder


SLOPE = """class Slope:
    def fit(self, xs, ys):
        self.slope = sum(x * y for x, y in zip(xs, ys)) / sum(x * x for x in xs)
        return self

    def predict(self, xs):
        return [self.slope * x for x in xs]
"""


@pytest.fixture
def slope_notebook(slope: Path, write_notebook: Callable[..., Path]) -> Path:
    """The notebook that the pipeline ``slope`` could have come from, with a cell that it leaves out and that fails."""
    cells = {"c-seed": "seed = 0", "c-class": SLOPE}
    for path in sorted((slope / "stages").iterdir()):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell["id"].startswith("c-"):
                cells[cell["id"]] = cell.source.replace("from definitions import Slope\n", "")
            if cell["id"] == "c-load":
                cells["look"] = 'rows[:5]\nopen("seen.txt", "w").write("x")\ndead_end'
    return write_notebook(cells, "slope")


@pytest.fixture
def iris(write_pipeline: WritePipeline) -> Path:
    """A model on the iris table in three stages, with its capture and metric named."""
    return write_pipeline(
        {
            "load": {
                "parameters": 'run_dir: str = "run"\nseed: int = 0',
                "c-load": "from sklearn.datasets import load_iris\ndf = load_iris(as_frame=True).frame",
                "outputs": writes("load", "train", "df", "seed"),
            },
            "train": {
                "parameters": 'run_dir: str = "run"',
                "inputs": reads("load", "train"),
                "c-split": (
                    "from sklearn.model_selection import train_test_split\n"
                    'X, y = df.drop(columns="target"), df["target"]\n'
                    "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=seed)"
                ),
                "c-fit": (
                    "from sklearn.linear_model import LogisticRegression\n"
                    "model = LogisticRegression(max_iter=1000).fit(X_train, y_train)\nmodel"
                ),
                "outputs": writes("train", "evaluate", "model", "X_test", "y_test"),
            },
            "evaluate": {
                "parameters": 'run_dir: str = "run"',
                "inputs": reads("train", "evaluate"),
                "c-score": "accuracy = model.score(X_test, y_test)\nprint(accuracy)",
            },
        },
        name="iris",
        details={
            "load": {"writes": {"train": ["df", "seed"]}, "parameters": ["seed"]},
            "train": {"reads": {"load": ["df", "seed"]}, "writes": {"evaluate": ["model", "X_test", "y_test"]}},
            "evaluate": {"reads": {"train": ["model", "X_test", "y_test"]}},
        },
        parameters=[{"name": "seed", "type": "int", "default": 0, "meaning": "seed of the split", "stages": ["load"]}],
        model={
            "variable": "model",
            "stage": "train",
            "cell_id": "c-fit",
            "methods": ["predict", "predict_proba"],
            "train": {"stage": "train", "cell_id": "c-split", "x": "X_train", "y": "y_train"},
            "holdout": {"stage": "train", "cell_id": "c-split", "x": "X_test", "y": "y_test"},
        },
        metrics=[{"name": "accuracy", "expression": "accuracy", "stage": "evaluate", "cell_id": "c-score"}],
    )


@pytest.fixture
def iris_notebook(iris: Path, write_notebook: Callable[..., Path]) -> Path:
    """The notebook that the pipeline ``iris`` could have come from."""
    cells = {"c-seed": "seed = 0"}
    for path in sorted((iris / "stages").iterdir()):
        whole = nbformat.read(path, as_version=4)
        cells |= {cell["id"]: cell.source for cell in whole.cells if cell["id"].startswith("c-")}
    return write_notebook(cells, "iris")
