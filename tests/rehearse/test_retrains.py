"""A version whose pipeline needs no file of the author's is trained again on the clean machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from handoff_ext.publish import log
from handoff_ext.rehearse import rehearse
from handoff_ext.run import run_pipeline
from tests.publish import made


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["0", "None"])
def test_steps_run_again_and_give_the_same_metrics(tmp_path: Path, other_kernel: Any, seed: str) -> None:
    code = made.FLIGHTS.replace("RandomState(0)", f"RandomState({seed})")
    folder = made.make(tmp_path, code, str(other_kernel.python))
    stage = folder / "stages" / "30_train.ipynb"
    notebook = nbformat.read(stage, as_version=4)
    notebook.cells[1].id = "c1"
    nbformat.write(notebook, stage)
    manifest = json.loads((folder / "pipeline.yaml").read_text())
    manifest["metrics"][0]["expression"] = "model.score(holdout_x, holdout_y)"
    (folder / "pipeline.yaml").write_text(json.dumps(manifest))
    run_pipeline(folder, kernel=other_kernel.name)
    logged = log(folder, "again")
    record = rehearse(logged.uri, logged.tracking_uri)
    assert record.predicts.passed, record.predicts.reason
    assert record.retrains.passed is (seed == "0"), record.retrains.reason
    assert record.retrains.compared_values == 1
    if seed == "None":
        assert "is the notebook seeded?" in record.retrains.reason
