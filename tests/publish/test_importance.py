"""Which inputs matter, from rows that were held out, whatever these rows are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from handoff_ext.publish.inside.importance import permuted

DRAW = np.random.RandomState(0)
ROWS = pd.DataFrame({"noise": DRAW.rand(60), "x": DRAW.rand(60)})
LATE = (ROWS["x"] > 0.5).to_numpy()


@pytest.fixture(scope="module")
def model() -> Any:
    return LogisticRegression().fit(ROWS, LATE)


def weights(model: Any, rows: pd.DataFrame, truth: Any) -> dict[str, float]:
    described = {"container": "frame", "columns": [{"name": name} for name in rows.columns]}
    return permuted(model, rows, truth, described, [False, True])


def test_what_decides_comes_first(model: Any) -> None:
    found = weights(model, ROWS, LATE)
    assert list(found) == ["x", "noise"]
    assert found["x"] > 0.2


def test_rows_of_one_class_have_no_score(model: Any) -> None:
    assert weights(model, ROWS[LATE], LATE[LATE]) == {}
