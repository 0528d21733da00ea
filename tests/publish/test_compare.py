"""What counts as the same answer."""

from __future__ import annotations

import math

import pytest

from handoff_ext.publish.compare import compare


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
