"""Rows against signature and profile."""

from __future__ import annotations

import datetime
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.profile import Profile
from handoff_ext.serve.columns import columns_of
from handoff_ext.serve.validate import RowsRefused, Validator

INPUTS = [
    {"name": "distance", "type": "long", "required": True},
    {"name": "wind", "type": "double", "required": True},
    {"name": "gust", "type": "float", "required": False},
    {"name": "carrier", "type": "string", "required": True},
    {"name": "weekend", "type": "boolean", "required": True},
    {"name": "leaves", "type": "datetime", "required": True},
    {"name": "photo", "type": "binary", "required": False},
]
PROFILE = Profile.model_validate(
    {
        "inputs": {
            "distance": {"kind": "number", "min": 80, "max": 4983},
            "wind": {"kind": "number", "min": 0.0, "max": 42.5, "missing": 3},
            "carrier": {"kind": "category", "categories": {"AA": 5, "UA": 3}},
        }
    }
)
VALIDATOR = Validator(columns_of(INPUTS, PROFILE, Plan()))
GOOD: dict[str, Any] = {
    "distance": 100,
    "wind": 3.5,
    "carrier": "AA",
    "weekend": False,
    "leaves": "2013-06-30T08:15:00",
}


def refused(**changes: Any) -> list[tuple[int, str, str]]:
    with pytest.raises(RowsRefused) as error:
        VALIDATOR.check([GOOD, {**GOOD, **changes}])
    return [(problem.row, problem.field, problem.problem) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("distance", "100", "mistyped"),
        ("distance", True, "mistyped"),
        ("distance", 100.5, "mistyped"),
        ("distance", None, "null"),
        ("distance", 2**63, "too large"),
        ("distance", math.nan, "not a number"),
        ("wind", math.nan, "not a number"),
        ("wind", -math.inf, "infinite"),
        ("wind", 10**400, "too large"),
        ("wind", "3.5", "mistyped"),
        ("gust", 1e39, "too large"),
        ("carrier", 7, "mistyped"),
        ("carrier", "\ud800", "mistyped"),
        ("weekend", 1, "mistyped"),
        ("leaves", "yesterday", "mistyped"),
        ("leaves", "0001-01-01T00:00:00+23:00", "too large"),
        ("photo", "?", "mistyped"),
        ("tail", "N123", "extra"),
    ],
)
def test_each_bad_value_is_named_with_row_and_field(field: str, value: Any, problem: str) -> None:
    assert refused(**{field: value}) == [(2, field, problem)]


def test_a_missing_input_says_what_to_give() -> None:
    row = {name: value for name, value in GOOD.items() if name != "distance"}
    with pytest.raises(RowsRefused, match="Row 1, distance: is missing; give a whole number, usually 80 to 4983"):
        VALIDATOR.check([row])


def test_a_misspelt_input_is_recognised() -> None:
    with pytest.raises(RowsRefused, match=r"did you mean carrier\?"):
        VALIDATOR.check([{**GOOD, "carier": "AA"}])


@pytest.mark.parametrize("row", [None, 3, "text", ["distance"]])
def test_what_is_no_row_is_refused(row: object) -> None:
    with pytest.raises(RowsRefused, match="an object with one value for each input"):
        VALIDATOR.check([row])


def test_many_problems_are_counted_and_not_all_listed() -> None:
    with pytest.raises(RowsRefused, match="And 99 more") as error:
        VALIDATOR.check([{**GOOD, "distance": "x"}] * 100)
    assert len(error.value.problems) == 20


def test_unlike_values_are_remarks_not_problems() -> None:
    checked = VALIDATOR.check([{**GOOD, "distance": 5000, "carrier": "ZZ"}, GOOD])
    assert [[(r.field, r.known) for r in remarks] for remarks in checked.remarks] == [
        [("distance", "80 to 4983"), ("carrier", "AA, UA")],
        [],
    ]


def test_rows_it_was_tested_on_are_known_too() -> None:
    distance, _, _, carrier, *_ = columns_of(
        INPUTS, PROFILE, Plan(), {"distance": [60, 90], "carrier": ["DL", None, "AA"]}
    )
    assert (distance.low, distance.high, distance.known) == (60, 4983, "60 to 4983")
    assert carrier.choices == ("AA", "UA", "DL")


def test_values_become_what_the_column_holds() -> None:
    row = {**GOOD, "distance": 100.0, "wind": None, "leaves": "2013-06-30T08:15:00+02:00"}
    columns = VALIDATOR.check([row]).columns
    assert columns["distance"] == [100]
    assert columns["wind"] == [None]
    assert columns["leaves"] == ["2013-06-30T06:15:00"]
    assert columns["gust"] == [None]


GOOD_ROWS = st.fixed_dictionaries(
    {
        "distance": st.integers(-(2**63), 2**63 - 1),
        "wind": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**300), 10**300) | st.none(),
        "carrier": st.text(),
        "weekend": st.booleans(),
        "leaves": st.datetimes(datetime.datetime(1700, 1, 1), datetime.datetime(2200, 1, 1)).map(
            datetime.datetime.isoformat
        ),
    },
    optional={"gust": st.none() | st.floats(width=32, allow_nan=False, allow_infinity=False)},
)


@given(st.lists(GOOD_ROWS, max_size=5))
def test_all_that_the_signature_allows_is_taken(rows: list[dict[str, Any]]) -> None:
    checked = VALIDATOR.check(rows)
    assert {name: len(column) for name, column in checked.columns.items()} == {c["name"]: len(rows) for c in INPUTS}
    assert len(checked.remarks) == len(rows)
    assert json.loads(json.dumps(checked.columns, allow_nan=False)) == checked.columns


CANARY = "canary-4711"
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.just(CANARY)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)


@settings(max_examples=50)
@given(GOOD_ROWS, st.sampled_from([*GOOD, "gust", "photo"]), VALUES.filter(lambda value: CANARY in repr(value)))
def test_a_refusal_never_holds_what_was_sent(row: dict[str, Any], field: str, value: object) -> None:
    try:
        VALIDATOR.check([{**row, field: value}])
    except RowsRefused as error:
        assert CANARY not in error.message + json.dumps([problem.model_dump() for problem in error.problems])
    else:
        assert (field, value) == ("carrier", CANARY)
