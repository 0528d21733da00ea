"""Rows prepared one by one: what is asked together is only what is alike, and other rows are seen nowhere."""

from __future__ import annotations

import types
from typing import Any

import numpy as np
import pandas as pd
import pytest

from handoff_ext.publish.inside import apart, raw, served

ALONE = 50


class Doubling:
    """Answers the first column, doubled; counts its tables."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def predict(self, table: Any) -> Any:
        self.asked.append(len(table))
        return table.iloc[:, 0].to_numpy(dtype=float) * 2


def _model(transform: Any) -> tuple[served.Served, Doubling]:
    inner = Doubling()
    state: dict[str, Any] = {"kept": {}, "order": ["a"], "fills": pd.DataFrame({"a": [0.0]})}
    model = raw.Raw(
        inner, transform, lambda kept, rows, beside: types.SimpleNamespace(positions=np.arange(rows)), state
    )
    described = {
        "container": "frame", "methods": ["predict"], "classes": None, "outputs": ["prediction"],
        "features": {"scope": False},
        "columns": [{"name": "a", "kind": "number", "dtype": "float64", "numpy": True, "nullable": True}],
    }  # fmt: skip
    return served.Served(model, described), inner


def _asked(transform: Any, total: int = 90) -> tuple[dict[str, Any], Doubling]:
    model, inner = _model(transform)
    given = {"columns": ["a"], "rows": [[float(number)] for number in range(total)]}
    parts = [[number] for number in reversed(range(total))]
    return apart.rows(model, given, parts, None, ALONE), inner


def test_each_row_gets_its_own_answer_though_the_model_is_asked_together() -> None:
    found, inner = _asked(lambda table, _: table)
    assert found["positions"] == list(range(90))
    assert found["outputs"]["prediction"] == [2.0 * number for number in range(90)]
    assert found["outputs"]["input a"] == [float(number) for number in range(90)]
    assert inner.asked[:-1] == [1] * (len(inner.asked) - 1)
    assert inner.asked[-1] == 90 - ALONE - apart.FIRST
    assert found["alone"] == ALONE + apart.FIRST and not found["stopped"]


def test_code_that_looks_at_other_rows_sees_none() -> None:
    found, _ = _asked(lambda table, _: table - table.mean())
    assert set(found["outputs"]["prediction"]) == {0.0}


def test_rows_of_another_dtype_are_not_put_below_each_other() -> None:
    found, inner = _asked(lambda table, _: table if table["a"].iloc[0] < 20 else table.astype("float32"))
    assert found["outputs"]["prediction"] == [2.0 * number for number in range(90)]
    assert inner.asked[-2:] == [90 - ALONE - 20 - apart.FIRST, 20 - apart.FIRST]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1.0]})),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]})),
        (pd.DataFrame({"a": pd.Categorical(["x"])}), pd.DataFrame({"a": pd.Categorical(["x"], ["x", "y"])})),
        (np.zeros((1, 2)), np.zeros((1, 2), "float32")),
    ],
)
def test_kinds_differ(one: Any, other: Any) -> None:
    assert apart.kind(one) == apart.kind(one.copy())
    assert apart.kind(one) != apart.kind(other)


def test_what_is_not_known_is_asked_alone() -> None:
    assert apart.kind(["a text"]) is None
