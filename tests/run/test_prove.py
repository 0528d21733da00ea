"""The proof: equal where all is equal, and never where it is not, or where nothing was compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from handoff_ext.contracts.evidence import Proof
from handoff_ext.run import prove
from handoff_ext.run.folder import read_record
from handoff_ext.run.reference import NotebookFailed, with_values
from tests.run.pipeline_cells import reads, writes

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


def test_the_same_computation_is_equal(slope: Path, slope_notebook: Path) -> None:
    """The notebook and its folder stay as they are; a cell that the pipeline leaves out may fail."""
    before = {path: path.read_bytes() for path in slope.parent.iterdir() if path.is_file()}

    proof = prove(slope)

    assert (proof.equal, proof.reason) == (True, "")
    values = ["rows", "seed", "model", "X_test", "y_test", "train_x", "train_y", "holdout_x", "holdout_y"]
    assert verdicts(proof, "value") == dict.fromkeys(values, "equal")
    assert verdicts(proof, "prediction") == {"predict": "equal", "predict_proba": "not compared"}
    assert verdicts(proof, "metric") == {"error": "equal"}
    assert verdicts(proof, "output") == dict.fromkeys(["cell c-load", "cell c-fit", "cell c-score"], "equal")
    record = read_record(slope)
    assert record is not None and record.proof == proof
    assert record.metrics[0].notebook == record.metrics[0].pipeline
    assert {path: path.read_bytes() for path in slope.parent.iterdir() if path.is_file()} == before

    again = prove(slope, parameters={"seed": "7"})
    assert again.equal and verdicts(again, "value")["seed"] == "equal"


def test_another_computation_is_different(slope: Path, slope_notebook: Path) -> None:
    definitions = slope / "definitions.py"
    definitions.write_text(definitions.read_text().replace("return [self.slope * x", "return [self.slope * x + 1e-5"))

    proof = prove(slope, slope_notebook)

    assert not proof.equal
    assert verdicts(proof, "prediction")["predict"] == "different"
    assert verdicts(proof, "metric") == {"error": "different"}
    assert verdicts(proof, "value")["X_test"] == "equal"
    assert proof.reason.startswith("Metric error (step evaluate) differs in the pipeline, and ")


def test_randomness_without_a_seed_is_never_equal(slope: Path, slope_notebook: Path) -> None:
    for path in (slope / "stages/20_train.ipynb", slope_notebook):
        edit(path, "c-split", "random.Random(seed)", "random.Random()")

    proof = prove(slope, slope_notebook)

    assert not proof.equal
    assert verdicts(proof, "value")["X_test"] == "unseeded"
    assert verdicts(proof, "prediction")["predict"] == "unseeded"
    assert verdicts(proof, "value")["rows"] == "equal"
    assert "two runs of the notebook differ" in proof.reason


def test_what_comes_out_alike_twice_by_chance_is_not_called_different(
    write_pipeline: WritePipeline, write_notebook: WriteNotebook, tmp_path: Path
) -> None:
    """The notebook draws one number of two: alike in its first two runs, as here by a count kept outside."""
    count = tmp_path / "count.txt"
    drawn = (
        "from pathlib import Path\n"
        f"said = Path({str(count)!r})\nbefore = said.read_text() if said.exists() else ''\nx = float(len(before) > 1)\n"
    )
    cells = {"c-a": drawn + "said.write_text(before + '.')", "c-b": "total = x"}
    pipeline = {"c-a": "x = 1.0", "c-b": "total = x"}
    folder = write_pipeline(
        {"a": {**pipeline}},
        metrics=[{"name": "total", "expression": "total", "stage": "a", "cell_id": "c-b"}],
    )

    proof = prove(folder, write_notebook(cells))

    assert verdicts(proof, "metric") == {"total": "unseeded"}
    assert not proof.equal and "two runs of the notebook differ" in proof.reason
    assert len(count.read_text()) == 3, "it ran once more"


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
    with pytest.raises(NotebookFailed, match="failed in cell 1: AssertionError: no"):
        prove(write_pipeline({"a": {"c-a": "x = 1"}}), notebook)


def test_the_cell_that_failed_first_is_named_too(write_pipeline: WritePipeline, write_notebook: WriteNotebook) -> None:
    notebook = write_notebook({"c-imports": "import no_such_module_\nstart = 1", "c-a": "x = start + 1"})
    with pytest.raises(NotebookFailed) as failed:
        prove(write_pipeline({"a": {"c-a": "x = 2"}}), notebook)
    assert "failed in cell 2: NameError: name 'start' is not defined." in str(failed.value)
    assert "Cell 1 had failed before: ModuleNotFoundError: No module named 'no_such_module_'." in str(failed.value)
    assert failed.value.hint == "Install it beside the notebook's kernel."


def test_given_values_follow_the_assignment() -> None:
    source = "# sizes\nn = 3; m = 4\nk: int = (\n    1\n)\nprint(n)"
    assert with_values(source, {"n": 5, "k": 'a"b'}) == (
        '# sizes\nn = 3; m = 4\nn = 5\nk: int = (\n    1\n)\nk = "a\\"b"\nprint(n)'
    )
