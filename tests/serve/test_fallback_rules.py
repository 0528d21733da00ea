"""When the model's answer is not to be acted on, and what is then."""

from __future__ import annotations

from typing import Any

import pytest

from handoff_ext.contracts.plan import Fallback, Plan
from handoff_ext.contracts.serving import Remark
from handoff_ext.serve.fallback import doubt, fallback_value, score_of, unusual

UNLIKE = [Remark(field="distance", known="80 to 4983")]
PERSON = {"fallback": {"kind": "person"}}


@pytest.mark.parametrize(
    ("prediction", "remarks", "plan", "reason"),
    [
        (0.5, [], PERSON, ""),
        (0.5, UNLIKE, PERSON, "distance is unlike known cases (80 to 4983)."),
        (0.5, UNLIKE, {}, ""),
        (None, [], {}, "The model gave no answer."),
        ({"prediction": None, "probability_1": 0.5}, [], {}, "The model gave no answer."),
    ],
)
def test_the_plan_decides_what_is_acted_on(
    prediction: Any, remarks: list[Remark], plan: dict[str, Any], reason: str
) -> None:
    assert doubt(prediction, remarks, Plan.model_validate(plan)) == reason


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (0.05, "The score is lower than normal (from 0.1 on)."),
        (0.1, ""),
        (0.95, "The score is higher than normal (up to 0.9)."),
    ],
)
def test_a_score_outside_what_is_normal_is_said(score: float, said: str) -> None:
    plan = Plan.model_validate({"thresholds": {"normal_low": 0.1, "normal_high": 0.9}})
    assert unusual({"prediction": 1, "probability_1": score}, plan, "1") == said
    assert unusual({"prediction": 1, "probability_1": score}, Plan(), "1") == ""


def test_a_fixed_answer_or_a_person() -> None:
    assert fallback_value(Fallback(kind="constant", value="hold")) == "hold"
    assert fallback_value(Fallback(kind="person", value="hold")) is None
    assert fallback_value(Fallback()) is None


@pytest.mark.parametrize(
    ("prediction", "target", "score"),
    [
        (0.5, "", 0.5),
        (3, "", 3.0),
        ("late", "", None),
        ({"prediction": 12.5}, "", 12.5),
        ({"prediction": "late"}, "", None),
        ({"prediction": 1, "probability_0": 0.3, "probability_1": 0.7}, "1", 0.7),
        ({"prediction": 0, "probability_0": 0.7, "probability_1": 0.3}, "1", 0.3),
        ({"prediction": "b", "probability_a": 0.1, "probability_b": 0.6, "probability_c": 0.3}, "", 0.6),
        ({"prediction": True, "score": -1.5}, "", -1.5),
    ],
)
def test_the_score_in_an_answer(prediction: Any, target: str, score: float | None) -> None:
    assert score_of(prediction, target) == score


def test_an_unsure_model_is_not_acted_on() -> None:
    plan = Plan.model_validate({"fallback": {"kind": "person", "unsure_below": 0.7}})
    sure, unsure = ({"prediction": 1, "probability_0": 1 - share, "probability_1": share} for share in (0.8, 0.6))
    assert doubt(sure, [], plan) == ""
    assert doubt(unsure, [], plan) == "The model is unsure (60 of 100 where 70 are asked for)."
    assert doubt(0.6, [], plan) == "", "a lone number says nothing of how sure it is"


def test_the_first_line_of_a_rule_that_fits_answers() -> None:
    lines = [
        {"column": "carrier", "equals": "UA", "answer": "late"},
        {"column": "wind", "at_least": 20, "answer": "call"},
    ]
    rule = Fallback.model_validate({"kind": "rule", "rules": lines})
    assert fallback_value(rule, {"carrier": "UA", "wind": 30.0}) == "late"
    assert fallback_value(rule, {"carrier": "AA", "wind": 20}) == "call"
    assert fallback_value(rule, {"carrier": None, "wind": None}) is None
    assert fallback_value(rule) is None
