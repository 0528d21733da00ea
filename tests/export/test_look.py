"""What a pipeline's own tests see of the bundles: shapes, the model's answers, whether bad rows are refused."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pandas as pd
from sklearn.linear_model import LinearRegression

from handoff_ext.pipeline import testfile


def test_shapes_answers_and_refusal(tmp_path: Path) -> None:
    rows = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [0.0, 1.0, 5.0]})
    bundle = {"model": LinearRegression().fit(rows, rows["a"] * 2), "rows": rows, "names": ["a", "b"]}
    (tmp_path / "train-judge.pkl").write_bytes(pickle.dumps(bundle))
    (tmp_path / "look.py").write_text(testfile.test_files()["tests/look.py"])
    pipeline = {
        "stages": [
            {"name": "train", "writes": {"judge": ["model", "rows", "names"]}},
            {"name": "judge", "reads": {"train": ["model", "rows", "names"]}},
        ],
        "model": {"variable": "model", "holdout": {"x": "rows"}},
    }
    done = subprocess.run(
        [sys.executable, str(tmp_path / "look.py"), str(tmp_path), str(tmp_path)],
        input=json.dumps(pipeline),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["bundles"] == {
        "train-judge.pkl": {"model": "LinearRegression", "names": "list 2", "rows": "DataFrame 3 x 2"}
    }
    assert [round(value, 6) for value in found["answers"]] == [2, 4, 6]
    assert found["refuses"] is True
