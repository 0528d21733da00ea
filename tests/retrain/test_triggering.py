"""When a check starts training again, by the plan."""

from __future__ import annotations

from typing import Any

import pytest

from handoff_ext.contracts.plan import Retraining
from handoff_ext.contracts.watching import Alert, Decision
from handoff_ext.retrain.triggering import why_now

FIRST, NOW = "2013-03-01T06:00:00.000+00:00", "2013-04-15T06:00:00.000+00:00"


def alert(number: int, cause: Any) -> Alert:
    return Alert(id=number, model="flights", version="1", cause=cause, since="2013-04-01", what="")


def decision(action: Any, at: str, by: str = "Ravi", reason: str = "") -> Decision:
    return Decision(model="flights", version="1", action=action, by=by, at=at, reason=reason)


@pytest.mark.parametrize(
    ("plan", "cause", "by"),
    [
        ({"on_alert": "outcomes"}, "outcomes", "handoff monitor, alert 3"),
        ({"on_alert": "outcomes"}, "inputs", ""),
        ({"on_alert": "any"}, "stale table", "handoff monitor, alert 3"),
        ({"on_alert": "any"}, "no traffic", ""),
        ({}, "outcomes", ""),
    ],
)
def test_alerts_that_the_plan_names_ask_for_it(plan: dict[str, str], cause: str, by: str) -> None:
    said = Retraining.model_validate(plan)
    assert why_now(said, [alert(2, "schema"), alert(3, cause)], [], FIRST, NOW) == by


def test_an_alert_asks_once_whatever_came_of_it() -> None:
    said = Retraining(on_alert="outcomes")
    tried = [decision("refuse", NOW, "handoff monitor, alert 3", "Training again: no rows")]
    assert why_now(said, [alert(3, "outcomes")], tried, FIRST, NOW) == ""
    assert why_now(said, [alert(4, "outcomes")], tried, FIRST, NOW) == "handoff monitor, alert 4"


@pytest.mark.parametrize(
    ("every", "decisions", "due"),
    [
        ("month", [], True),
        ("quarter", [], False),
        ("month", [decision("register", "2013-04-10T06:00:00.000+00:00")], False),
        ("month", [decision("refuse", "2013-04-10T06:00:00.000+00:00", reason="Training again: bad")], False),
        ("month", [decision("promote", "2013-04-10T06:00:00.000+00:00"), decision("register", FIRST)], True),
        ("week", [decision("refuse", "2013-04-10T06:00:00.000+00:00", reason="it is a draft")], True),
    ],
)
def test_time_counts_from_the_last_training_else_from_the_first_check(
    every: Any, decisions: list[Decision], due: bool
) -> None:
    asked = why_now(Retraining(every=every), [], decisions, FIRST, NOW)
    assert asked == (f"handoff monitor, every {every}" if due else "")


def test_without_a_check_there_is_nothing_to_count_from() -> None:
    assert why_now(Retraining(every="week"), [], [], "", NOW) == ""
