"""The proof: equal where all is equal, and never where it is not, or where nothing was compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from pipeline_cells import reads, writes

from handoff_ext.contracts.evidence import Proof
from handoff_ext.run import prove
from handoff_ext.run.folder import read_record
from handoff_ext.run.reference import NotebookFailed, with_values

WritePipeline = Callable[..., Path]
WriteNotebook = Callable[..., Path]


def verdicts(proof: Proof, kind: str) -> dict[str, str]:
    return {one.name: one.verdict for one in proof.compared if one.kind == kind}


def edit(path: Path, cell_id: str, old: str, new: str) -> None:
    whole = nbformat.read(path, as_version=4)
    [cell] = [cell for cell in whole.cells if cell["id"] == cell_id]
    assert old in cell.source
    cell.source = cell.source.replace(old, new)
    nbformat.write(whole, path)


def test_the_same_computation_is_equal(iris: Path, iris_notebook: Path, other_kernel: Any) -> None:
    """In an environment of its own, too; the notebook and its folder stay as they are."""
    before = {path: path.read_bytes() for path in iris.parent.iterdir() if path.is_file()}

    proof = prove(iris, iris_notebook, kernel=other_kernel.name)

    assert (proof.equal, proof.reason) == (True, "")
    assert verdicts(proof, "value") == dict.fromkeys(
        ["df", "seed", "model", "X_test", "y_test", "train_x", "train_y", "holdout_x", "holdout_y"], "equal"
    )
    assert verdicts(proof, "prediction") == {"predict": "equal", "predict_proba": "equal"}
    assert verdicts(proof, "metric") == {"accuracy": "equal"}
    assert verdicts(proof, "output") == {"cell c-fit": "equal", "cell c-score": "equal"}
    assert proof.compared_values > 150 * 5 and proof.max_difference == 0
    record = read_record(iris)
    assert record is not None and record.proof == proof
    assert record.metrics[0].notebook == record.metrics[0].pipeline
    assert {path: path.read_bytes() for path in iris.parent.iterdir() if path.is_file()} == before


def test_another_computation_is_different(iris: Path, iris_notebook: Path) -> None:
    edit(iris / "stages/20_train.ipynb", "c-fit", "max_iter=1000", "max_iter=1000, C=1.01")

    proof = prove(iris, iris_notebook)

    assert not proof.equal
    assert verdicts(proof, "prediction")["predict_proba"] == "different"
    assert verdicts(proof, "value")["X_test"] == "equal"
    assert proof.reason.startswith("Value model (step train) differs")


def test_parameters_reach_the_notebook_too(iris: Path, iris_notebook: Path) -> None:
    proof = prove(iris, iris_notebook, parameters={"seed": "7"})
    assert proof.equal and verdicts(proof, "value")["seed"] == "equal"


def test_randomness_without_a_seed_is_never_equal(iris: Path, iris_notebook: Path) -> None:
    for path in (iris / "stages/20_train.ipynb", iris_notebook):
        edit(path, "c-split", "random_state=seed", "random_state=None")

    proof = prove(iris, iris_notebook)

    assert not proof.equal
    assert verdicts(proof, "value")["X_test"] == "unseeded"
    assert verdicts(proof, "value")["df"] == "equal"


def test_what_differs_but_does_not_matter_does_not_stand_in_the_way(
    write_pipeline: WritePipeline, write_notebook: WriteNotebook
) -> None:
    """A time that travels along is unseeded; the metric was the same in all runs, so it does not depend on it."""
    cells = {"c-a": "import time\nbegan = time.time()\nx = [1.0, 2.0]", "c-b": "total = sum(x)\nprint(total)"}
    parameters = {"parameters": 'run_dir = "run"'}
    folder = write_pipeline(
        {
            "a": {**parameters, "c-a": cells["c-a"], "outputs": writes("a", "b", "x", "began")},
            "b": {**parameters, "inputs": reads("a", "b"), "c-b": cells["c-b"]},
        },
        details={"a": {"writes": {"b": ["x", "began"]}}, "b": {"reads": {"a": ["x", "began"]}}},
        metrics=[{"name": "total", "expression": "total", "stage": "b", "cell_id": "c-b"}],
    )

    proof = prove(folder, write_notebook(cells))

    assert verdicts(proof, "value") == {"x": "equal", "began": "unseeded"}
    assert proof.equal and verdicts(proof, "metric") == {"total": "equal"}


def test_nothing_compared_is_not_equal(write_pipeline: WritePipeline, write_notebook: WriteNotebook) -> None:
    cells = {"c-a": "x = 1"}
    proof = prove(write_pipeline({"a": cells}), write_notebook(cells))
    assert not proof.equal and proof.reason == "Nothing could be compared."


def test_a_notebook_that_fails_is_said_to(write_pipeline: WritePipeline, write_notebook: WriteNotebook) -> None:
    notebook = write_notebook({"c-a": "x = 1\nassert x == 2, 'no'"})
    with pytest.raises(NotebookFailed, match="failed in cell c-a: AssertionError: no"):
        prove(write_pipeline({"a": {"c-a": "x = 1"}}), notebook)


def test_given_values_follow_the_assignment() -> None:
    source = "# sizes\nn = 3; m = 4\nk: int = (\n    1\n)\nprint(n)"
    assert with_values(source, {"n": 5, "k": 'a"b'}) == (
        '# sizes\nn = 3; m = 4\nn = 5\nk: int = (\n    1\n)\nk = "a\\"b"\nprint(n)'
    )
