"""What becomes of a bad value is what the plan says of its column."""

from __future__ import annotations

import math
from typing import Any

import pytest

from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.profile import Profile
from handoff_ext.contracts.serving import Answer, Remark
from handoff_ext.serve.columns import columns_of
from handoff_ext.serve.fallback import doubt, unlike
from handoff_ext.serve.validate import Checked, RowsRefused, Validator
from handoff_ext.serve.wording import doubts

INPUTS = [
    {"name": "age", "type": "double", "required": True},
    {"name": "rooms", "type": "long", "required": True},
    {"name": "town", "type": "string", "required": True},
]
PROFILE = Profile.model_validate(
    {
        "inputs": {
            "age": {"kind": "number", "min": 0.0, "max": 90.0, "missing": 7, "quantiles": {"0.5": 31.0}},
            "rooms": {"kind": "number", "min": 1.0, "max": 9.0, "quantiles": {"0.5": 3.0}},
            "town": {"kind": "category", "categories": {"Ade": 50, "Bru": 3}},
        }
    }
)
GOOD: dict[str, Any] = {"age": 40.0, "rooms": 2, "town": "Bru"}
BAD: dict[str, tuple[str, Any]] = {
    "missing": ("rooms", ...),
    "null": ("rooms", None),
    "not_a_number": ("rooms", math.nan),
    "infinite": ("rooms", math.inf),
    "mistyped": ("rooms", "many"),
    "out_of_range": ("rooms", 400),
    "unseen": ("town", "Nowhere"),
}


def validator(column: str, **outcomes: str) -> Validator:
    plan = Plan.model_validate({"columns": {column: {"bad_input": outcomes}}})
    return Validator(columns_of(INPUTS, PROFILE, plan), plan.extra_columns)


def asked(kind: str, **outcomes: str) -> Checked:
    column, value = BAD[kind]
    row = {**GOOD, column: value}
    if value is ...:
        del row[column]
    return validator(column, **outcomes).check([row])


@pytest.mark.parametrize("kind", BAD)
def test_refused_with_the_field_and_what_is_expected_and_never_the_value(kind: str) -> None:
    with pytest.raises(RowsRefused) as refused:
        asked(kind, **{kind: "reject"})
    [problem] = refused.value.problems
    assert (problem.field, problem.problem) == (BAD[kind][0], kind.replace("_", " "))
    assert problem.expected in ("a whole number, usually 1 to 9", "text, usually Ade, Bru")
    assert "Nowhere" not in refused.value.message and "400" not in refused.value.message


@pytest.mark.parametrize("kind", BAD)
def test_filled_in_as_in_training_and_in_scope(kind: str) -> None:
    checked = asked(kind, **{kind: "impute"})
    column = BAD[kind][0]
    assert checked.columns[column] == [{"rooms": 3, "town": "Ade"}[column]]
    [[remark]] = checked.remarks
    assert remark.imputed and remark.problem == kind.replace("_", " ")
    assert not unlike([remark]) and not doubt(
        {"prediction": 1}, [remark], Plan.model_validate({"fallback": {"kind": "person"}})
    )


@pytest.mark.parametrize("kind", BAD)
def test_answered_and_marked(kind: str) -> None:
    checked = asked(kind, **{kind: "flag"})
    column, value = BAD[kind]
    usable = kind in ("unseen", "out_of_range")
    assert checked.columns[column] == [value if usable else 3]
    [[remark]] = checked.remarks
    assert unlike([remark]) == [remark]


def test_a_gap_stays_one_where_training_had_gaps() -> None:
    for outcome in ("impute", "flag"):
        plan = validator("age", missing=outcome, null=outcome, infinite=outcome)
        rows = [{"rooms": 2, "town": "Ade"}, {**GOOD, "age": None}, {**GOOD, "age": math.inf}]
        assert plan.check(rows).columns["age"] == [None, None, None]
        assert [column.required for column in plan.columns] == [False, True, True]


def test_without_a_word_in_the_plan_gaps_pass_where_training_had_them_and_unseen_values_are_marked() -> None:
    plain = Validator(columns_of(INPUTS, PROFILE, Plan()))
    assert plain.check([{**GOOD, "age": None}]).remarks == [[]]
    assert plain.check([{**GOOD, "town": "Nowhere"}]).remarks == [[Remark(field="town", known="Ade, Bru")]]
    for kind in set(BAD) - {"unseen", "out_of_range"}:
        with pytest.raises(RowsRefused):
            asked(kind)


def test_a_column_that_is_no_input_is_refused_or_left_aside() -> None:
    row = {**GOOD, "adge": 3}
    with pytest.raises(RowsRefused, match="did you mean age"):
        Validator(columns_of(INPUTS, PROFILE, Plan())).check([row])
    checked = Validator(columns_of(INPUTS, PROFILE, Plan()), "flag").check([row])
    assert "adge" not in checked.columns
    [[remark]] = checked.remarks
    answer = Answer(
        id="a", prediction=1, model="m", version="1", stage="watches", in_scope=False, unlike_known=[remark]
    )
    assert doubts(answer)[1:] == ["adge: no input of the model, left aside."]
