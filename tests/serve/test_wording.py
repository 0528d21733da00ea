"""Answers in words."""

from __future__ import annotations

from typing import Any

import pytest

from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.profile import Profile
from handoff_ext.contracts.serving import Answer
from handoff_ext.serve.columns import Column
from handoff_ext.serve.influence import Move
from handoff_ext.serve.wording import changes, confidence, headline, odds, shown

BINS = [{"low": 0.0, "high": 0.5, "count": 1000, "right": 70}, {"low": 0.5, "high": 1.0, "count": 10, "right": 9}]
LATE = Profile.model_validate({"calibration": BINS, "target": "late"})
ONE = Profile.model_validate({"calibration": BINS, "target": "1"})
ACT = Plan.model_validate({"thresholds": {"decision": 0.35}})


def answer(prediction: Any, **changed: Any) -> Answer:
    return Answer(id="1", model="m", version="1", stage="advise", prediction=prediction, **changed)


@pytest.mark.parametrize(
    ("given", "plan", "profile", "line", "sure"),
    [
        (answer(0.2), ACT, LATE, "Probably not late: 7 of 100 such cases were.", "1,000 known cases scored like this."),
        (answer(0.4), ACT, LATE, "Likely late: 7 of 100 such cases were.", "1,000 known cases scored like this."),
        (answer(0.9), ACT, LATE, "Likely late.", "10 known cases scored like this: treat as a guess."),
        (answer(0.2), ACT, ONE, "Unlikely: 7 of 100 such cases were.", "1,000 known cases scored like this."),
        (answer(12.5), Plan(), Profile(), "Answer: 12.5", ""),
        (answer(0.4), ACT, Profile(), "0.4: act (from 0.35 on)", ""),
        (
            answer({"prediction": "b", "probability_a": 0.3, "probability_b": 0.7}),
            Plan(),
            Profile(),
            "Answer: b",
            "The model is 70 of 100 sure.",
        ),
        (answer(None, fallback=True), ACT, LATE, "A person decides.", ""),
        (answer("hold", fallback=True, guess=0.2), ACT, LATE, "Instead: hold", "1,000 known cases scored like this."),
    ],
)
def test_an_answer_in_one_line(given: Answer, plan: Plan, profile: Profile, line: str, sure: str) -> None:
    assert headline(given, plan, profile) == line
    assert confidence(given, profile) == sure


@pytest.mark.parametrize(
    ("right", "count", "said"),
    [(70, 100, "7 of 10"), (3, 100, "3 of 100"), (1, 1000, "fewer than 1 of 100"), (0, 50, "0 of 100"),
     (999, 1000, "more than 99 of 100"), (50, 50, "100 of 100")],
)  # fmt: skip
def test_rare_is_not_never(right: int, count: int, said: str) -> None:
    assert odds(right, count) == said


def test_only_what_shows_is_said_to_change_it() -> None:
    wind = Column(name="wind", type="double", kind="number", unit="knots")
    carrier = Column(name="carrier", type="string", kind="text")
    found = [Move(wind, 39.5, 0.45, 0.4), Move(carrier, "UA", "x", 0.3), Move(wind, 20.0, 0.9, 0.2)]
    assert changes(0.2, found, LATE) == ["Carrier UA: x", "Wind 20 knots: 0.9"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "yes"), (0.123456, "0.1235"), (123456.7, "123,457"), (7, "7"), (None, "nothing"), ([1, 2.5], "1, 2.5")],
)
def test_values_as_people_read_them(value: Any, text: str) -> None:
    assert shown(value) == text
