"""Parameters are read and checked by their declared type."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_ext.contracts.pipeline import Manifest, Parameter, Source
from handoff_ext.run.parameters import WrongParameter, effective, typed


def manifest(**types: Any) -> Manifest:
    parameters = [Parameter(name=name, type=kind, default=0) for name, kind in types.items()]
    return Manifest(name="m", source=Source(notebook="n", hash="h"), stages=[], parameters=parameters)


@pytest.mark.parametrize(
    ("kind", "given_value", "value"),
    [
        ("str", "007", "007"),
        ("str", "true", "true"),
        ("path", Path("a/b"), "a/b"),
        ("date", "2024-03-31", "2024-03-31"),
        ("int", "7", 7),
        ("int", 7.0, 7),
        ("float", "1e-3", 0.001),
        ("float", 1, 1.0),
        ("bool", "true", True),
        ("list", "[1, a]", [1, "a"]),
        ("list", '["1"]', ["1"]),
        ("dict", '{"a": 1}', {"a": 1}),
        ("none", "3", 3),
    ],
)
def test_values_take_the_declared_type(kind: str, given_value: Any, value: Any) -> None:
    got = typed(manifest(x=kind), {"x": given_value})["x"]
    assert got == value and type(got) is type(value)


def test_nan_is_a_number() -> None:
    assert math.isnan(typed(manifest(x="float"), {"x": "nan"})["x"])


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("int", "1.5"),
        ("int", "true"),
        ("int", "["),
        ("float", "many"),
        ("bool", "1"),
        ("list", "1"),
        ("dict", "[1]"),
        ("date", "31.3.2024"),
        ("str", 7),
    ],
)
def test_a_wrong_type_is_refused(kind: str, wrong: Any) -> None:
    with pytest.raises(WrongParameter, match="Parameter x must be"):
        typed(manifest(x=kind), {"x": wrong})


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(WrongParameter) as refused:
        typed(manifest(test_size="float"), {"tst_size": "0.2"})
    assert refused.value.hint == "Did you mean test_size?"


def test_a_path_without_a_value_has_to_be_given() -> None:
    needs = manifest()
    needs.parameters.append(Parameter(name="data", type="path", meaning="the table"))
    with pytest.raises(WrongParameter, match=r"data \(the table\) has no value"):
        typed(needs, {})
    assert effective(needs, typed(needs, {"data": "x.csv"})) == {"data": "x.csv", "run_dir": "run"}


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text(), max_size=3))
def test_any_text_is_taken_or_refused_in_a_sentence(given_values: dict[str, str]) -> None:
    try:
        values = typed(manifest(a="str", b="list", c="float"), given_values)
    except WrongParameter as error:
        assert error.message.endswith(".") and "\n" not in error.message
    else:
        assert all(isinstance(values[name], {"a": str, "b": list, "c": float}[name]) for name in values)
