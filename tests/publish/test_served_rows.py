"""Rows survive the way through JSON: what the model is asked with when served is what it was asked with in training."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from handoff_ext.publish.inside import rows, served


def through_json(table: Any) -> tuple[Any, dict[str, Any]]:
    """The table as the packed model gets it back."""
    described = json.loads(json.dumps(rows.describe(table)))
    sent = json.loads(json.dumps(rows.encode(table, described), allow_nan=False))
    names = [column["name"] for column in described["columns"]]
    columns = {name: [row[index] for row in sent] for index, name in enumerate(names)} if names else sent
    return served.container(columns, described), described


FRAME = pd.DataFrame(
    {
        "whole": [1, 2, 3],
        "small": np.array([1, 2, 3], dtype="int8"),
        "real": [0.1, math.nan, 1e300],
        "single": np.array([0.1, 0.2, 0.3], dtype="float32"),
        "flag": [True, False, True],
        "word": ["a", "b|c", "ü\n"],
        "gap": pd.Series(["a", None, "b"], dtype="object"),
        "hole": pd.Series(["a", math.nan, "b"], dtype="object"),
        "choice": pd.Categorical(["x", "y", None], categories=["y", "x", "z"], ordered=True),
        "level": pd.Categorical([1, 2, 1]),
        "moment": pd.to_datetime(["2013-01-01 05:00:01.000001", None, "2013-06-30"], format="ISO8601"),
        "zoned": pd.to_datetime(["2013-01-01", None, "2013-06-30"]).tz_localize("America/New_York"),
        "lasting": pd.to_timedelta(["1h", None, "2D"]),
        "nullable": pd.array([1, None, 3], dtype="Int64"),
        "maybe": pd.array([True, None, False], dtype="boolean"),
        "mixed": pd.Series(["a", 1, 2.5], dtype="object"),
        "yes": pd.Series([True, None, False], dtype="object"),
    }
)


def test_frame_comes_back_with_its_dtypes_gaps_and_choices() -> None:
    back, _ = through_json(FRAME)
    pd.testing.assert_frame_equal(back, FRAME, check_freq=False)
    assert back["gap"][1] is None
    assert isinstance(back["hole"][1], float)


@pytest.mark.parametrize("labels", [[0, 1], ["a", "a"], [("a", "x"), ("a", "y")], [1.5, "b"]])
def test_labels_that_json_cannot_name_come_back(labels: list[Any]) -> None:
    frame = pd.DataFrame([[1, 2.5], [3, 4.5]])
    frame.columns = pd.Index(labels)
    back, described = through_json(frame)
    assert list(back.columns) == labels
    assert len({column["name"] for column in described["columns"]}) == 2


@pytest.mark.parametrize(
    "table",
    [
        np.array([[1.0, math.nan], [3.0, 4.0]]),
        np.array([[1, 2], [3, 4]], dtype="int32"),
        np.array([[True, False]]),
        np.array([1.5, 2.5]),
        np.arange(24.0).reshape(2, 3, 4),
    ],
)
def test_arrays_come_back(table: np.ndarray) -> None:
    back, _ = through_json(table)
    np.testing.assert_array_equal(back, table)
    assert back.dtype == table.dtype


def test_texts_and_sparse_matrices_come_back() -> None:
    series = pd.Series(["a", "b"], name="review")
    pd.testing.assert_series_equal(through_json(series)[0], series, check_names=False)
    assert through_json(["a", "b"])[0] == ["a", "b"]
    matrix = sparse.csr_matrix(np.array([[0, 1.0], [2.0, 0]]))
    assert (through_json(matrix)[0] != matrix).nnz == 0


@pytest.mark.parametrize(
    "table", [object(), pd.DataFrame({"a": [[1], [2]]}), pd.DataFrame({"a": pd.interval_range(0, 2)})]
)
def test_rows_that_cannot_be_sent_are_named(table: Any) -> None:
    with pytest.raises(rows.Unsuited, match=r"object|column a"):
        rows.describe(table)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.floats(allow_infinity=False)), min_size=1, max_size=8),
    st.lists(st.one_of(st.none(), st.text(max_size=5)), min_size=1, max_size=8),
    st.lists(st.integers(-(2**53), 2**53), min_size=1, max_size=8),
)
def test_any_values_come_back_exactly(reals: list[float | None], words: list[str | None], wholes: list[int]) -> None:
    count = min(len(reals), len(words), len(wholes))
    frame = pd.DataFrame(
        {
            "r": pd.Series(reals[:count], dtype="float64"),
            "w": pd.Series(words[:count], dtype="object"),
            "n": pd.Series(wholes[:count], dtype="int64"),
        }
    )
    pd.testing.assert_frame_equal(through_json(frame)[0], frame, check_exact=True)


def test_column_that_was_not_sent_is_missing() -> None:
    described = rows.describe(FRAME[["whole", "real"]])
    back = served.container({"whole": [1, 2]}, described)
    assert back["real"].isna().all()


def test_unknown_choice_is_missing_not_an_error() -> None:
    described = rows.describe(FRAME[["choice"]])
    assert served.container({"choice": ["new", "x"]}, described)["choice"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("method", "value", "classes", "names"),
    [
        ("predict", np.array([1, 0]), [0, 1], ["prediction"]),
        ("predict", np.array([[1.0], [0.0]]), None, ["prediction"]),
        ("predict", np.zeros((2, 2)), None, ["prediction_0", "prediction_1"]),
        ("predict", pd.Series([1.0, 2.0], index=[7, 9]), None, ["prediction"]),
        ("predict", pd.DataFrame({"a": [1, 2], "b": [3, 4]}), None, ["prediction_a", "prediction_b"]),
        ("predict_proba", np.zeros((2, 2)), ["no", "yes"], ["probability_no", "probability_yes"]),
        (
            "predict_proba",
            [np.zeros((2, 2))] * 2,
            [[0, 1], [0, 1]],
            [f"probability_{i}_{c}" for i in "01" for c in "01"],
        ),
        ("decision_function", np.zeros(2), [0, 1], ["score"]),
    ],
)
def test_answers_get_one_column_an_output(method: str, value: Any, classes: Any, names: list[str]) -> None:
    found = served.named(method, value, classes)
    assert list(found) == names
    assert all(len(values) == 2 for values in found.values())
