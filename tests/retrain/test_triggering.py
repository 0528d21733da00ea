"""When a check starts training again, by the plan."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from handoff_ext.cli.monitor import command
from handoff_ext.contracts.errors import GateFailed
from handoff_ext.contracts.plan import Plan, Retraining
from handoff_ext.contracts.watching import Alert, Check, Decision
from handoff_ext.ledger.place import ledger_of
from handoff_ext.ledger.store import Store
from handoff_ext.retrain.retraining import Retrained
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


@pytest.mark.parametrize("fails", [False, True])
def test_a_check_with_data_starts_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    store = f"sqlite:///{tmp_path / 'mlflow.db'}"
    kept = Store(ledger_of(store).database)
    plan = Plan.model_validate({"retraining": {"on_alert": "outcomes"}})
    found = Check(model="flights", version="1", stage="advise", at=NOW, first_day="", alerts=[alert(3, "outcomes")])
    asked = []

    def retrain(name: str, data: Any, uri: str, store: Any, work: Path, by: str, *_: Any) -> Retrained:
        asked.append((name, data, uri, by))
        action, reason = ("refuse", "Training again: no rows") if fails else ("register", "")
        store.decide(Decision(model=name, version="2", action=action, by=by, at=NOW, reason=reason))
        if fails:
            raise GateFailed("The new data has no rows.", "The version in charge stays.")
        return Retrained(name=name, version="2", instead_of="1", gate="open", promoted=False, figures={})

    monkeypatch.setattr("handoff_ext.monitor.checking.checked", lambda *_: found)
    monkeypatch.setattr("handoff_ext.monitor.checking.served_of", lambda *_: (SimpleNamespace(plan=plan), []))
    monkeypatch.setattr("handoff_ext.retrain.retraining.retrain", retrain)
    arguments = ["flights", "--tracking-uri", store]
    with_data = [*arguments, "--retrain-with", "FLIGHTS_CSV=new.csv"]
    first, second, without = (CliRunner().invoke(command, each) for each in (with_data, with_data, arguments))
    assert asked == [("flights", {"FLIGHTS_CSV": "new.csv"}, store, "handoff monitor, alert 3")]
    words = "to no end: The new data has no rows." if fails else "flights, version 2, is better than 1."
    assert f"Trained again (handoff monitor, alert 3){',' if fails else ':'} {words}" in first.output
    assert "Trained again" not in second.output + without.output
    assert len(kept.decisions("flights")) == 1
