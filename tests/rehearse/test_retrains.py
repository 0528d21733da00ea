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
from tests.publish.test_inputs import web
from tests.rehearse.conftest import can_unshare

__all__ = ["web"]


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


@pytest.mark.slow
def test_input_at_an_address_is_fetched_before_the_network_goes_off(
    tmp_path: Path,
    other_kernel: Any,
    web: tuple[str, dict[str, bytes]],
) -> None:
    """The address is of this computer's own network: cut off from it, nothing can read there, only what was fetched."""
    address, held = web
    whole = b"start,wide\n0,1500\n"
    held["data"] = whole
    read = "import pandas as pd\ntold = pd.read_csv(rows)\n"
    code = made.FLIGHTS.replace("RandomState(0)", "RandomState(int(told['start'][0]))")
    folder = made.make(tmp_path, f"rows = {address!r}\n{read}{code}", str(other_kernel.python))
    stage = folder / "stages" / "30_train.ipynb"
    notebook = nbformat.read(stage, as_version=4)
    notebook.cells[1].id, notebook.cells[1].source = "c1", read + code
    notebook.cells.insert(1, nbformat.v4.new_code_cell(f"rows = {address!r}", metadata={"tags": ["parameters"]}))
    nbformat.write(notebook, stage)
    manifest = json.loads((folder / "pipeline.yaml").read_text())
    manifest["metrics"][0]["expression"] = "model.score(holdout_x, holdout_y)"
    manifest["parameters"] = [{"name": "rows", "type": "path", "default": address, "stages": ["train"]}]
    manifest["stages"][0]["parameters"] = ["rows"]
    (folder / "pipeline.yaml").write_text(json.dumps(manifest))
    run_pipeline(folder, kernel=other_kernel.name)
    logged = log(folder, "fetched")
    record = rehearse(logged.uri, logged.tracking_uri)
    assert record.retrains.passed, record.retrains.reason
    if can_unshare():
        assert record.isolated["network"]
    held["data"] = whole.replace(b"0,1500", b"1,1500")
    changed = rehearse(logged.uri, logged.tracking_uri).retrains
    assert changed.passed is False
    assert changed.reason == "The input rows holds something else than in training."
