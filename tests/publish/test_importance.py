"""Which inputs matter, from rows that were held out, whatever these rows are."""

from __future__ import annotations

import types
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from handoff_ext.publish.inside import raw
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


def test_a_column_whose_shuffled_values_make_impossible_rows_has_its_weight_too() -> None:
    days = pd.date_range("2020-01-01", periods=400, freq="D")
    rows = pd.DataFrame({"year": days.year, "month": days.month, "day": days.day, "x": DRAW.rand(400)})

    def transform(table: Any, state: Any) -> Any:
        day = pd.to_datetime(table[["year", "month", "day"]])  # stops at the 30th of February
        return pd.DataFrame({"x": table["x"], "summer": day.dt.month.between(6, 8).astype(float)})

    late = ((rows["x"] > 0.5) | rows["month"].between(6, 8)).to_numpy()
    learned = {"kept": {}, "order": list(rows), "fills": rows.iloc[:1]}
    model = raw.Raw(LogisticRegression().fit(transform(rows, None), late), transform, learned_rows, learned)
    found = weights(model, rows, late)
    assert set(found) == {"year", "month", "day", "x"}
    assert found["x"] > found["month"] > 0.02 > abs(found["day"])


def learned_rows(kept: Any, rows: int, beside: Any) -> Any:
    """What ``learned.State`` is to a model: which rows are left."""
    return types.SimpleNamespace(positions=np.arange(rows))
