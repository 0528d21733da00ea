"""Running a pipeline: what it leaves, and that nothing of ours shows in the notebooks."""

from __future__ import annotations

import pickle
from pathlib import Path

from handoff_ext.contracts.progress import Progress
from handoff_ext.run import run_pipeline
from handoff_ext.run.folder import read_record


def test_a_run_leaves_record_bundles_and_capture(iris: Path) -> None:
    told: list[Progress] = []
    record = run_pipeline(iris, progress=told.append)

    assert [(stage.name, stage.status) for stage in record.stages] == [
        ("load", "ok"),
        ("train", "ok"),
        ("evaluate", "ok"),
    ]
    assert read_record(iris) == record
    [metric] = record.metrics
    assert metric.name == "accuracy" and metric.pipeline is not None and 0.9 < metric.pipeline <= 1

    with (iris / "run/model/capture.pkl").open("rb") as file:
        capture = pickle.load(file)
    assert capture["train_x"].shape == (112, 4) and capture["holdout_x"].shape == (38, 4)
    assert len(capture["train_y"]) == 112 and len(capture["holdout_y"]) == 38
    assert (capture["predictions"]["predict"] == capture["model"].predict(capture["holdout_x"])).all()
    assert capture["predictions"]["predict_proba"].shape == (38, 3)

    assert record.environment is not None
    found = {one.name: one for one in record.environment.distributions}
    assert found["scikit-learn"].loaded and "numpy" in found["scikit-learn"].requires
    assert {"ipykernel", *found["scikit-learn"].requires} <= set(found)
    assert all(stage.memory_mb > 20 for stage in record.stages)

    assert {event.part for event in told if event.step == "run"} == {"load", "train", "evaluate", ""}
    assert (told[-1].status, told[-1].part) == ("ok", "")
