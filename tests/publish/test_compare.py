"""What counts as the same answer."""

from __future__ import annotations

import math

import pytest

from handoff_ext.publish.compare import WORDS, compare, differences, said, tolerance_of


def test_floats_within_tolerance_of_the_spread_are_equal() -> None:
    recorded = {"prediction": [0.0, 1.0]}
    assert compare(recorded, {"prediction": [1e-10, 1.0]}, [0, 1]).equal
    far = compare(recorded, {"prediction": [1e-8, 1.0]}, [0, 1])
    assert far.different == 1
    assert far.worst[0]["row"] == 0
    assert far.difference == pytest.approx(1e-8)


def test_labels_must_be_equal_but_at_a_tie() -> None:
    clear = {"prediction": ["a"], "probability_a": [0.6], "probability_b": [0.4]}
    tie = {"prediction": ["a"], "probability_a": [0.5], "probability_b": [0.5]}
    for recorded, equal in ((clear, False), (tie, True)):
        assert compare(recorded, {**recorded, "prediction": ["b"]}, [0]).equal is equal


@pytest.mark.parametrize("other", [[math.nan], [None], ["2"], [True], []])
def test_missing_or_other_kinds_are_different(other: list[object]) -> None:
    assert not compare({"prediction": [2.0]}, {"prediction": other}, [0]).equal
    assert not compare({"prediction": [2]}, {"prediction": other}, [0]).equal


def test_positions_say_which_rows_were_asked() -> None:
    assert compare({"prediction": [1, 2, 3]}, {"prediction": [3, 1]}, [2, 0]).equal


def test_nothing_compared_is_not_equal() -> None:
    assert not compare({"prediction": []}, {"prediction": []}, []).equal


@pytest.mark.parametrize(
    ("described", "tolerance"),
    [
        ({"columns": [{"dtype": "float64"}]}, 1e-9),
        ({"columns": [{"dtype": "int64"}]}, 1e-9),
        ({"columns": [{"dtype": "float32"}, {"dtype": "int64"}]}, 1e-4),
        ({"columns": [], "features": {"dtypes": ["float32"]}}, 1e-4),
        ({"columns": [], "dtype": "float32"}, 1e-4),
    ],
)
def test_single_precision_is_judged_more_coarsely(described: dict[str, object], tolerance: float) -> None:
    assert tolerance_of(described) == tolerance


def test_differences_are_told_column_by_column_with_the_worst_rows() -> None:
    recorded = {"prediction": [1.0, 2.0, 3.0], "input age": [10, 20, 30], "input town": ["a", "b", "c"]}
    right = {"positions": [0, 1, 2], "outputs": recorded}
    wrong = {**recorded, "input age": [10, 21, 30], "input town": ["a", "b", "z"]}
    answers = dict.fromkeys(WORDS, right) | {"rows": {"positions": [2, 1, 0], "outputs": {}}}
    answers["rows"]["outputs"] = {name: list(reversed(values)) for name, values in wrong.items()}
    found = differences({"predictions": recorded}, {"columns": []}, answers)
    assert {name: (values, different) for name, (values, different, _) in found.columns.items()} == {
        "prediction": (9, 0),
        "input age": (9, 1),
        "input town": (9, 1),
    }
    assert {(row["output"], row["row"], row["way"]) for row in found.worst} == {
        ("input age", 1, "row by row"),
        ("input town", 2, "row by row"),
    }
    assert said(found).startswith("2 of 27 values differ from training, most the input")
