"""Stages run, and models are captured, in an environment that has nothing of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from handoff_ext.run import run_pipeline


def test_stages_run_and_are_captured_in_another_environment(iris: Path, other_kernel: Any) -> None:
    lacking = "import importlib.util as u; print([m for m in ('mlflow', 'handoff_ext', 'papermill') if u.find_spec(m)])"
    said = subprocess.run([other_kernel.python, "-c", lacking], capture_output=True, text=True, cwd=iris, check=True)
    assert said.stdout.strip() == "[]"

    record = run_pipeline(iris, kernel=other_kernel.name)

    assert {stage.status for stage in record.stages} == {"ok"}
    environment = record.environment
    assert environment is not None and environment.executable == str(other_kernel.python)
    versions = {one.name: one.version for one in environment.distributions}
    assert versions["pandas"].startswith("2.2.") and versions["scikit-learn"].startswith("1.5.")
    assert environment.executable != sys.executable
    ask = (
        "import pickle, json; c = pickle.load(open('run/model/capture.pkl', 'rb'));"
        "assert (c['model'].predict(c['holdout_x']) == c['predictions']['predict']).all(); print(len(c['holdout_x']))"
    )
    answered = subprocess.run([other_kernel.python, "-c", ask], capture_output=True, text=True, cwd=iris, check=True)
    assert answered.stdout.strip() == "38"
