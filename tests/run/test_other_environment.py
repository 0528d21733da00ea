"""Stages run, and models are captured and compared, in an environment that has nothing of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from handoff_ext.run import run_and_prove


def test_a_model_in_another_environment_is_captured_and_proven(
    iris: Path, iris_notebook: Path, other_kernel: Any
) -> None:
    lacking = "import importlib.util as u; print([m for m in ('mlflow', 'handoff_ext', 'papermill') if u.find_spec(m)])"
    said = subprocess.run([other_kernel.python, "-c", lacking], capture_output=True, text=True, cwd=iris, check=True)
    assert said.stdout.strip() == "[]"

    proof, record = run_and_prove(iris, iris_notebook, kernel=other_kernel.name)

    assert {stage.status for stage in record.stages} == {"ok"} and record.problems == {}
    [metric] = record.metrics
    assert metric.pipeline is not None and 0.9 < metric.pipeline <= 1 and metric.notebook == metric.pipeline
    environment = record.environment
    assert environment is not None and environment.executable == str(other_kernel.python) != sys.executable
    found = {one.name: one for one in environment.distributions}
    assert found["pandas"].version.startswith("2.2.") and found["scikit-learn"].version.startswith("1.5.")
    assert found["scikit-learn"].loaded and {"ipykernel", *found["scikit-learn"].requires} <= set(found)

    ask = (
        "import pickle; c = pickle.load(open('run/model/capture.pkl', 'rb')); assert c['train_x'].shape == (112, 4);"
        "assert len(c['train_y']) == 112 and len(c['holdout_y']) == 38; h = c['holdout_x'];"
        "assert all((getattr(c['model'], m)(h) == p).all() for m, p in c['predictions'].items());"
        "print(sorted(c['predictions']), h.shape)"
    )
    answered = subprocess.run([other_kernel.python, "-c", ask], capture_output=True, text=True, cwd=iris, check=True)
    assert answered.stdout.strip() == "['predict', 'predict_proba'] (38, 4)"

    assert (proof.equal, proof.reason) == (True, "")
    verdicts = {(one.kind, one.name): one.verdict for one in proof.compared}
    values = ["df", "seed", "model", "X_test", "y_test", "train_x", "train_y", "holdout_x", "holdout_y"]
    wanted = [("value", name) for name in values] + [("metric", "accuracy")]
    wanted += [("prediction", "predict"), ("prediction", "predict_proba")]
    assert verdicts == dict.fromkeys([*wanted, ("output", "cell c-fit"), ("output", "cell c-score")], "equal")
    assert proof.compared_values > 150 * 5 and proof.max_difference == 0
