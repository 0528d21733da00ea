"""Who is in charge changes only as the rules say, and every decision is on record."""

from __future__ import annotations

import pytest

from handoff_ext.contracts.errors import GateFailed, HandoffError, NotFound
from handoff_ext.ledger.place import ledger_of
from handoff_ext.ledger.store import Store
from handoff_ext.retrain.deciding import promote, rollback
from handoff_ext.retrain.live import live
from handoff_ext.retrain.stages import approves, may_become, why_not
from handoff_ext.serve.standing import standing

# SQLAlchemy deprecates what MLflow's tables are made with.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
WHOLE = {
    "handoff.draft": "false",
    "handoff.rehearsed": "true",
    "handoff.owner": "Ada",
    "handoff.accepted_by": "Ada",
}


def test_one_step_at_a_time_or_what_the_one_in_charge_has_earned() -> None:
    assert may_become(WHOLE) == ["advise"]
    assert may_become({**WHOLE, "handoff.stage": "advise"}) == ["decide"]
    assert may_become({**WHOLE, "handoff.stage": "decide"}) == []
    assert may_become(WHOLE, replaces="decide") == ["advise", "decide"]


@pytest.mark.parametrize(
    "lacks",
    [{"handoff.draft": "true"}, {"handoff.rehearsed": "false"}, {"handoff.owner": ""}, {"handoff.accepted_by": "Eve"}],
)
def test_drafts_untested_and_unaccepted_ones_become_nothing(lacks: dict[str, str]) -> None:
    assert may_become({**WHOLE, **lacks}, replaces="decide") == []


def test_a_shut_gate_is_said_before_the_yes_that_could_not_open_it() -> None:
    shut = {**WHOLE, "handoff.accepted_by": "", "handoff.gate": "it is not surely better"}
    assert why_not(shut) == "It was trained again, and it is not surely better."
    assert "has not accepted" in why_not({**shut, "handoff.gate": "open"})
    assert may_become({**shut, "handoff.accepted_by": "Ada"}) == []


def test_the_person_that_the_plan_names_approves() -> None:
    named = "Ravi Menon, head of airport duty management"
    assert approves(named, "ravi  menon")
    assert not approves(named, "Ravi")
    assert approves("", "anybody")


def test_promoted_rolled_back_and_all_on_record(registry: str) -> None:
    store = Store(ledger_of(registry).database)
    with pytest.raises(GateFailed, match="advise comes before decide"):
        promote("flights", "decide", "Ravi", registry, store)
    promoted = promote("flights", "advise", "Ravi", registry, store, reason="two good weeks")
    assert (promoted.version, promoted.figures["instead of"]) == ("2", "1")
    assert promoted.figures["published"] == {"Accuracy": "0.9"}
    stands = standing("flights", registry)
    assert stands.aliases == {"champion": "2", "previous": "1"}
    assert stands.versions["2"].stage == "advise"
    (model,) = live(registry, store).models
    assert (model.version, model.stage, model.previous, model.may_become) == ("2", "advise", "1", ["decide"])
    assert model.to_accept == ""
    for number, reason in (("3", "draft"), ("4", "has not accepted")):
        with pytest.raises(GateFailed, match=reason):
            promote("flights", "advise", "Ravi", registry, store, version=number)
    assert rollback("flights", "Ravi", registry, store, "too many calls").version == "1"
    assert standing("flights", registry).aliases == {"champion": "1"}
    with pytest.raises(GateFailed, match="no version before"):
        rollback("flights", "Ravi", registry, store)
    assert [(each.action, each.version, each.by) for each in store.decisions("flights")] == [
        ("rollback", "1", "Ravi"),
        ("refuse", "4", "Ravi"),
        ("refuse", "3", "Ravi"),
        ("promote", "2", "Ravi"),
        ("refuse", "2", "Ravi"),
    ]


def test_nobody_and_nothing_are_said(registry: str) -> None:
    store = Store(ledger_of(registry).database)
    with pytest.raises(HandoffError, match="Who approves"):
        promote("flights", "advise", " ", registry, store)
    with pytest.raises(NotFound):
        promote("flights", "advise", "Ravi", registry, store, version="9")
    with pytest.raises(NotFound):
        promote("none", "advise", "Ravi", registry, store)
    assert store.decisions() == []


def test_a_check_of_another_version_is_none_of_the_one_in_charge(registry: str) -> None:
    store = Store(ledger_of(registry).database)
    noon = "2026-03-04T12:00:00.000+00:00"
    store.add_check("flights", "2", noon, 0.1, {"rows": 7})
    (model,) = live(registry, store).models
    assert (model.version, model.state, model.last_check, model.predictions) == ("1", "not checked", "", 0)
    store.add_check("flights", "1", noon, 0.1, {"rows": 8})
    (model,) = live(registry, store).models
    assert (model.state, model.last_check, model.predictions) == ("quiet", noon, 8)
