"""When the model's answer is not to be acted on, and what is then."""

from __future__ import annotations

from typing import Any

import pytest

from handoff_ext.contracts.plan import Fallback, Plan
from handoff_ext.contracts.serving import Remark
from handoff_ext.serve.fallback import doubt, fallback_value, score_of

UNLIKE = [Remark(field="distance", known="80 to 4983")]
PERSON = {"kind": "person"}
NORMAL = {"normal_low": 0.1, "normal_high": 0.9}


@pytest.mark.parametrize(
    ("prediction", "remarks", "plan", "reason"),
    [
        (0.5, [], {"fallback": PERSON, "thresholds": NORMAL}, ""),
        (0.95, [], {"fallback": PERSON, "thresholds": NORMAL}, "The score is higher than normal."),
        ({"prediction": "late", "score": 0.05}, [], {"fallback": PERSON, "thresholds": NORMAL}, "The score is lower"),
        (0.95, [], {"thresholds": NORMAL}, ""),
        (0.5, UNLIKE, {"fallback": PERSON}, "distance is unlike known cases (80 to 4983)."),
        (0.5, UNLIKE, {}, ""),
        (None, [], {}, "The model gave no answer."),
    ],
)
def test_the_plan_decides_what_is_acted_on(
    prediction: Any, remarks: list[Remark], plan: dict[str, Any], reason: str
) -> None:
    said = doubt(prediction, remarks, Plan.model_validate(plan))
    assert said.startswith(reason)
    assert bool(said) == bool(reason)


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
