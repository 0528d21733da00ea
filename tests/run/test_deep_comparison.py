"""Comparing two values all the way down."""

from __future__ import annotations

import copy
import pickle
from collections import OrderedDict, defaultdict, namedtuple
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

from handoff_ext.run.inside.deep import AGAIN, PIPELINE, Comparison, Differ

Point = namedtuple("Point", "x y")


class Thing:
    def __init__(self, value: Any) -> None:
        self.value = value


def compared(a: Any, b: Any) -> Comparison:
    whole = Comparison(PIPELINE)
    whole.same(a, b)
    return whole


def differ(a: Any, b: Any) -> str:
    with pytest.raises(Differ) as said:
        compared(a, b)
    return str(said.value)


def cycle() -> list[Any]:
    one: list[Any] = [1]
    one.append(one)
    return one


FRAME = pd.DataFrame(
    {
        "number": [1.5, np.nan, 3.0],
        "count": [1, 2, 3],
        "text": ["a", None, "c"],
        "kind": pd.Categorical(["x", "y", "x"]),
        "day": pd.to_datetime(["2024-01-01", None, "2024-01-03"]),
        "zone": pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-03"]).tz_localize("Europe/Berlin"),
        "maybe": pd.array([1, None, 3], dtype="Int64"),
        "object": [Point(1, 2), {"a": 1}, [1.0]],
    },
    index=pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)]),
)
VALUES = [
    None,
    3,
    2.5,
    float("nan"),
    complex(1, 2),
    "text",
    b"bytes",
    Decimal("1.1"),
    date(2024, 1, 1),
    datetime(2024, 1, 1, 12),
    [1, [2.0, "x"], (None,)],
    {"a": [1], 2: {"b": float("nan")}},
    {1, 2, 3},
    frozenset({"a"}),
    Point(1, [2.0]),
    OrderedDict(a=1),
    defaultdict(list, a=[1]),
    Thing({"deep": [Thing(1.0)]}),
    len,
    np,
    LogisticRegression,
    np.float32(1.5),
    np.datetime64("2024-01-01"),
    np.arange(12).reshape(3, 4),
    np.array([1.0, np.nan, np.inf]),
    np.array(["a", "b"]),
    np.array([1, "a", None, float("nan")], dtype=object),
    np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
    np.ma.masked_array([1.0, 2.0], mask=[False, True]),
    np.random.RandomState(3),
    np.random.default_rng(3),
    FRAME,
    FRAME["number"],
    pd.Index([1, 2], name="i"),
    pd.interval_range(0, 3),
    pd.Timestamp("2024-01-01"),
    sparse.random(20, 20, 0.1, random_state=0, format="coo"),
    LogisticRegression().fit([[0.0], [1.0], [2.0]], [0, 1, 1]),
    RandomForestClassifier(3, random_state=0).fit([[0.0], [1.0], [2.0]], [0, 1, 1]),
    cycle(),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_copy_is_the_same(value: Any) -> None:
    whole = compared(value, pickle.loads(pickle.dumps(value)) if value is not np else value)
    assert whole.values > 0 and whole.difference == 0 and not whole.times


@pytest.mark.parametrize("one", range(len(VALUES)))
def test_any_two_others_differ(one: int) -> None:
    for other, value in enumerate(VALUES):
        if other != one:
            differ(VALUES[one], value)


def _set(column: str, value: Any) -> pd.DataFrame:
    other = FRAME.copy()
    other.isetitem(other.columns.get_loc(column), other[column].array.copy())
    other[column] = other[column].where(np.array([True, True, False]), value)
    return other


@pytest.mark.parametrize(
    ("a", "b", "where"),
    [
        ([1, {"a": 2}], [1, {"a": 3}], "[1].a"),
        (True, 1, "bool and int"),
        (1, 1.0, "int and float"),
        (np.arange(3), np.arange(3.0), "int64"),
        (np.zeros(3), np.zeros((3, 1)), "(3,)"),
        (np.array([1.0, 2, 3]), np.array([1.0, 2.5, 3]), "1 of 3 values"),
        (FRAME, FRAME.rename(columns={"count": "counts"}), "columns[1]"),
        (FRAME, FRAME[::-1], "index"),
        (FRAME, FRAME[FRAME.columns[::-1]], "columns[0]"),
        (FRAME, _set("number", 7.0), "number: 1 of 3 values"),
        (FRAME, _set("text", "d"), "text[1]"),
        (FRAME, _set("day", pd.Timestamp("2024-01-04")), "day: 1 of 3 values"),
        (FRAME, FRAME.astype({"maybe": "float64"}), "maybe: Int64 and float64"),
        (Thing([1.0]), Thing([1.1]), "value[0]"),
        (LogisticRegression(C=1.0), LogisticRegression(C=2.0), "C: differs by 1"),
        (lambda x: x + 1, lambda x: x + 2, "another function"),
        (float("inf"), float("-inf"), "differs by inf"),
        (1e9, 1e9 + 1, "differs by 1"),
        (np.array([1e9]), np.array([1e9 + 1]), "1 of 1 values"),
    ],
)
def test_where_they_differ_is_said_and_never_what_they_hold(a: Any, b: Any, where: str) -> None:
    assert where in differ(a, b)
    assert where.partition(" and ")[0] in differ(a, copy.deepcopy(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (0.1 + 0.2, 0.3),
        (np.array([0.1 + 0.2, 1.0]), np.array([0.3, 1.0])),
        (np.array([1.5], dtype="f4"), np.array([1.5000051], dtype="f4")),
        ({"a": [Thing(0.1 + 0.2)]}, {"a": [Thing(0.3)]}),
        (pd.Series([0.1 + 0.2]), pd.Series([0.3])),
    ],
)
def test_rounding_is_close(a: Any, b: Any) -> None:
    assert 0 < compared(a, b).difference < 1e-5


def test_measured_times_may_differ_only_where_the_notebook_itself_differs() -> None:
    grid = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=2)
    rows = ([[float(x)] for x in range(8)], [0, 1] * 4)
    one, two = (copy.deepcopy(grid).fit(*rows) for _ in range(2))
    again = Comparison(AGAIN)
    again.same(one, two)
    assert {place.rpartition(".")[2] for place in again.times} >= {"mean_fit_time", "refit_time_"}
    here = Comparison(PIPELINE, again.times)
    here.same(one, two)
    assert here.values > 20
    with pytest.raises(Differ, match=r"arrival_time: 1 of 2 values"):
        Comparison(PIPELINE, set()).same(
            pd.DataFrame({"arrival_time": [1.5, 2.5]}), pd.DataFrame({"arrival_time": [1.5, 3.5]})
        )


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(plain, plain)
def test_plain_values_agree_with_python(a: Any, b: Any) -> None:
    """What pickles to the same bytes is the same; what Python finds unequal is never equal to the last bit."""
    compared(a, pickle.loads(pickle.dumps(a)))
    if repr(a) != repr(b) and a != b:
        try:
            whole = compared(a, b)
        except Differ:
            return
        assert whole.difference > 0
