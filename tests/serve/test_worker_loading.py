"""What publish packed is loaded as its own model.py loads it, without importing MLflow."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from handoff_ext import publish, serve
from handoff_ext.publish.inside import rows as described_rows

ASK = """
import json, sys
sys.path.insert(0, sys.argv[1])
import worker
model = worker.load(sys.argv[2])
print(json.dumps([model.answer({"wind": [1.0, 2.5]}, 2), bool(model.quick), "mlflow" in sys.modules]))
"""


def test_a_packed_model_answers_without_mlflow(tmp_path: Path) -> None:
    inside = Path(publish.__file__).parent / "inside"
    inner = tmp_path / "artifacts" / "model"
    package = inner / "code" / "version_of_a_test"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    for name in ("served.py", "rows.py"):
        shutil.copy(inside / name, package)
    shutil.copy(inside / "model.py", tmp_path)
    frame = pd.DataFrame({"wind": np.arange(20.0)})
    model = LinearRegression().fit(frame, 3 * frame["wind"])
    (inner / "model.pkl").write_bytes(pickle.dumps(model))
    described = described_rows.describe(frame) | {"methods": ["predict"], "classes": None, "outputs": ["prediction"]}
    described |= {"package": package.name, "file": "model.pkl", "format": "pickle"}
    (inner / "model.json").write_text(json.dumps(described))
    kept = {"columns": ["wind"], "rows": frame.to_numpy().tolist()}
    (tmp_path / "artifacts" / "reference.json").write_text(json.dumps(kept))
    worker = Path(serve.__file__).parent / "inside"
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(worker), str(tmp_path)], capture_output=True, text=True, check=True
    )
    answers, quick, mlflow = json.loads(done.stdout)
    assert [row["prediction"] for row in answers] == pytest.approx([3.0, 7.5])
    assert quick
    assert not mlflow
