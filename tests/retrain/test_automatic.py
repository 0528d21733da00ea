"""A version that was trained again takes over by itself only where plan, approver, owner, test and gate allow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from handoff_ext.contracts.plan import Retraining
from handoff_ext.ledger.place import ledger_of
from handoff_ext.ledger.store import Store
from handoff_ext.publish.registry import Registry
from handoff_ext.retrain.again import in_words
from handoff_ext.retrain.retraining import Retrained, promoted_by_itself
from handoff_ext.retrain.stages import GATE
from handoff_ext.serve.registry import fetch
from handoff_ext.serve.standing import standing

SAYS = {"automatic": True, "approver": "Ravi Menon, head of operations"}


def taken(registry: str, said: Mapping[str, Any], number: str, stage: str = "advise", gate: str = "open") -> bool:
    Registry(registry).tag_version("models:/flights/1", {"handoff.stage": stage})
    Registry(registry).tag_version(f"models:/flights/{number}", {GATE: gate})
    champion = fetch("models:/flights/1", registry)
    plan = champion.plan.model_copy(update={"retraining": Retraining.model_validate(said)})
    store = Store(ledger_of(registry).database)
    return promoted_by_itself("flights", number, replace(champion, plan=plan), registry, store, 0.031)


@pytest.mark.parametrize("number", ["2", "4"], ids=["accepted", "accepted with the one in charge"])
def test_it_takes_over_and_the_record_says_who_when_and_why(registry: str, number: str) -> None:
    assert taken(registry, SAYS, number)
    now = standing("flights", registry)
    assert (now.in_charge, now.aliases["previous"]) == (number, "1")
    assert now.versions[number].tags["handoff.stage"] == "advise"
    decision = Store(ledger_of(registry).database).decisions("flights")[0]
    assert (decision.action, decision.version, decision.by) == ("promote", number, "Ravi Menon")
    assert decision.reason == "automatic, as the plan of version 1 says; gain 3.1 of 100"
    assert decision.at and decision.figures["published"] and decision.figures["instead of"] == "1"


@pytest.mark.parametrize(
    ("said", "number", "stage", "gate", "reason"),
    [
        ({**SAYS, "automatic": False}, "2", "advise", "open", ""),
        ({"automatic": True}, "2", "advise", "open", "names nobody who approves"),
        (SAYS, "2", "shadow", "open", "only watches itself"),
        (SAYS, "3", "advise", "open", "It is a draft"),
        (SAYS, "2", "advise", "it is worse where carrier is UA", "worse where carrier is UA"),
    ],
    ids=["not automatic", "no approver", "watches only", "draft", "gate shut"],
)
def test_else_the_one_in_charge_stays_and_the_record_says_why(
    registry: str, said: Mapping[str, Any], number: str, stage: str, gate: str, reason: str
) -> None:
    assert not taken(registry, said, number, stage, gate)
    assert standing("flights", registry).in_charge == "1"
    decisions = Store(ledger_of(registry).database).decisions("flights")
    assert [each.action for each in decisions] == (["refuse"] if reason else [])
    assert all(reason in each.reason for each in decisions)


def test_what_came_of_it_is_said() -> None:
    done = Retrained(name="flights", version="2", instead_of="1", gate="open", promoted=True, figures={})
    assert in_words(done) == "flights, version 2, is better than 1 and in charge now, as the plan says."
    shut = replace(done, gate="it is not surely better", promoted=False)
    assert in_words(shut) == "flights, version 2, only watches; 1 stays: it is not surely better."
