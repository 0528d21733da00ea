"""Running a pipeline: what it leaves, and that it is what papermill leaves."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from handoff_ext.contracts.progress import Progress
from handoff_ext.run import run_pipeline
from handoff_ext.run.folder import read_record


def test_a_run_leaves_record_bundles_and_capture(slope: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Progress] = []
    here = Path.cwd()

    record = run_pipeline(slope, progress=told.append)

    assert [(stage.name, stage.status) for stage in record.stages] == [
        ("load", "ok"),
        ("train", "ok"),
        ("evaluate", "ok"),
    ]
    assert all(stage.memory_mb > 20 and stage.seconds > 0 for stage in record.stages)
    assert read_record(slope) == record
    assert Path.cwd() == here
    monkeypatch.syspath_prepend(slope)
    capture = pickle.loads((slope / "run/model/capture.pkl").read_bytes())
    assert (len(capture["train_x"]), len(capture["holdout_x"])) == (150, 50)
    assert capture["predictions"] == {"predict": capture["model"].predict(capture["holdout_x"])}
    [metric] = record.metrics
    assert metric.name == "error" and metric.pipeline is not None and 0 < metric.pipeline < 1

    cells = [(event.part, event.done, event.total) for event in told if event.status == "running" and event.total]
    # Imports and definitions ran ahead.
    assert cells == [(stage, n, t) for stage, t in (("load", 3), ("train", 5), ("evaluate", 3)) for n in range(1, t)]
    assert [(event.part, event.status) for event in told if event.status != "running"] == [
        ("load", "ok"),
        ("train", "ok"),
        ("evaluate", "ok"),
    ]


def test_plain_papermill_leaves_the_same(slope: Path, tmp_path: Path) -> None:
    run_pipeline(slope, parameters={"seed": 5})
    ours = [nbformat.read(path, as_version=4) for path in sorted((slope / "run/executed").iterdir())]
    error = (slope / "run/train-evaluate.pkl").read_bytes()
    paths = [(str(path), str(tmp_path / path.name)) for path in sorted((slope / "stages").iterdir())]
    papermill = (
        "import papermill, sys\n"
        f"for path, out in {paths}:\n"
        "    given = {'seed': 5} if 'load' in path else {}\n"
        "    papermill.execute_notebook(path, out, given, cwd=sys.argv[1], progress_bar=False)"
    )
    subprocess.run([sys.executable, "-c", papermill, slope], check=True, capture_output=True)
    theirs = [nbformat.read(path, as_version=4) for path in sorted(tmp_path.glob("*.ipynb"))]

    assert (slope / "run/train-evaluate.pkl").read_bytes() == error
    assert [_steady(one) for one in ours] == [_steady(one) for one in theirs]


def _steady(notebook: Any) -> Any:
    """A notebook without what differs between any two runs."""
    for cell in notebook.cells:
        times = cell.metadata.pop("execution", {})
        assert cell.cell_type != "code" or times
        times = cell.metadata.papermill
        times["start_time"] = times["end_time"] = times["duration"] = None
        if "injected-parameters" in cell.metadata["tags"]:
            cell["id"] = "injected"
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data["text/plain"] = output.data["text/plain"].partition(" at 0x")[0]
    for name in ("start_time", "end_time", "duration", "input_path", "output_path"):
        notebook.metadata.papermill[name] = None
    return notebook


def test_a_failing_capture_is_a_reason_and_no_failure(slope: Path) -> None:
    manifest = slope / "pipeline.yaml"
    text = manifest.read_text()
    manifest.write_text(text.replace("x: X_test", "x: X_tset").replace("expression: error", "expression: 1 / 0"))

    record = run_pipeline(slope)

    assert [stage.status for stage in record.stages] == ["ok", "ok", "ok"]
    assert record.problems["holdout_x"] == "NameError: name 'X_tset' is not defined"
    assert record.problems["error"] == "ZeroDivisionError: division by zero"
    assert record.metrics[0].pipeline is None


def test_taking_values_leaves_no_trace_in_the_kernel(slope: Path) -> None:
    """Neither names, nor history, nor draws of random numbers."""
    notebook = slope / "stages/20_train.ipynb"
    whole = nbformat.read(notebook, as_version=4)
    look = "import random\nprint(sorted(k for k in globals() if 'handoff' in k), len(In), random.random())"
    fit = next(cell for cell in whole.cells if cell["id"] == "c-fit")
    fit.source = fit.source.replace("\nmodel", "\nimport random\nrandom.seed(1)\nmodel", 1)
    whole.cells.insert(whole.cells.index(fit) + 1, nbformat.v4.new_code_cell(look, id="look"))
    nbformat.write(whole, notebook)
    definitions = slope / "definitions.py"
    definitions.write_text("import random\n" + definitions.read_text().replace("return [", "random.random(); return ["))

    run_pipeline(slope)
    taken = _text(slope / "run/executed/20_train.ipynb")
    manifest = slope / "pipeline.yaml"
    manifest.write_text(manifest.read_text().partition("model:\n")[0] + "metrics: []\n")
    record = run_pipeline(slope)

    assert record.metrics == [] and _text(slope / "run/executed/20_train.ipynb") == taken
    assert taken.startswith("[] 6 ")


def _text(path: Path) -> str:
    whole = nbformat.read(path, as_version=4)
    return next(str(cell.outputs[0].text) for cell in whole.cells if cell["id"] == "look")
