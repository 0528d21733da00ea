"""What a prediction costs is measured, not guessed; a model travels as skops where its types allow it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from handoff_ext.publish import log, pack
from handoff_ext.rehearse import rehearse
from tests.publish import made

SPENDS = '''
import time

import numpy as np


class Spends:
    """Burns 20 ms a call, and 160 MB where it is asked for many rows."""

    def fit(self, x, y):
        return self

    def predict(self, x):
        begun = time.process_time()
        while time.process_time() - begun < 0.02:
            pass
        if len(x) > 10:
            np.ones(20_000_000)
        return x.sum(axis=1)
'''
CODE = """
import numpy as np
from definitions import Spends
draw = np.random.RandomState(0)
train_x = draw.rand(40, 2); train_y = train_x.sum(axis=1); holdout_x, holdout_y = draw.rand(20, 2), None
model = Spends().fit(train_x, train_y)
methods = ["predict"]
"""


@pytest.mark.slow
def test_cost_is_the_processors_time_and_the_most_memory_held(tmp_path: Path) -> None:
    cost = pack(made.make(tmp_path, CODE, methods=("predict",), definitions=SPENDS)).cost()
    assert 1000 * 0.02 / 20 <= cost["cpu_seconds_per_1000"] < 1000 * 2 / 20
    assert 160 < cost["memory_mb"] < 1000


@pytest.mark.slow
def test_model_travels_as_skops_with_its_own_types_listed(tmp_path: Path) -> None:
    uv, python = [sys.executable, "-m", "uv"], tmp_path / "env" / "bin" / "python"
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, str(tmp_path / "env")], check=True)
    wanted = ["skops>=0.10", "scikit-learn>=1.5,<1.6", "pandas>=2.2,<2.3"]
    subprocess.run([*uv, "pip", "install", "-q", "--python", str(python), *wanted], check=True)
    (tmp_path / "project").mkdir()
    folder = made.make(tmp_path / "project", python=str(python))
    described = pack(folder).described()
    assert (described["format"], described["file"]) == ("skops", "model.skops")
    assert [name for name in described["trusted"] if name.endswith(".definitions.shorten")]
    logged = log(folder, "skops")
    assert f"as skops (types beyond skops' own: {', '.join(described['trusted'])})" in logged.card
    said = rehearse(logged.uri, logged.tracking_uri, retrain=False).predicts
    assert said.passed, said.reason
