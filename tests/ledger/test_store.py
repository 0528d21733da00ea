"""Outcomes, alerts and decisions in a real database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.watching import Alert, Decision
from handoff_ext.ledger.schema import METADATA
from handoff_ext.ledger.store import Outcome, Store
from tests.postgresql import server


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with server() as running:
        yield running.url


@pytest.fixture(params=["sqlite", "PostgreSQL"])
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty one in each database."""
    url = f"sqlite:///{tmp_path / 'new' / 'ledger.db'}"
    if request.param == "PostgreSQL":
        url = request.getfixturevalue("postgresql")
        engine = create_engine(url)
        METADATA.drop_all(engine)
        engine.dispose()
    made = Store(url)
    yield made
    made.close()


def test_the_last_outcome_about_an_answer_counts(store: Store) -> None:
    assert store.outcomes("m") == {}
    store.add_outcomes("m", [Outcome(answer=f"{number}", truth=number) for number in range(1200)])
    store.add_outcomes("m", [Outcome(answer="7", truth="else", decision=False, by="desk")])
    found = store.outcomes("m")
    assert len(found) == 1200
    assert (found["7"].truth, found["7"].decision, found["7"].by) == ("else", False, "desk")
    assert store.outcomes("other") == {}


def test_reading_makes_no_file(tmp_path: Path) -> None:
    assert Store(f"sqlite:///{tmp_path / 'none.db'}").alerts() == []
    assert not (tmp_path / "none.db").exists()


def test_decisions_say_who_when_and_on_what(store: Store) -> None:
    store.accept("m", "2", "Ada")
    store.decide(Decision(model="m", version="2", action="promote", stage="advise", by="Eve", figures={"AUC": 0.7}))
    newest, first = store.decisions("m")
    assert (newest.by, newest.stage, newest.figures, first.by) == ("Eve", "advise", {"AUC": 0.7}, "Ada")
    assert newest.at >= first.at
    accepted = store.acceptance("m", "2")
    assert accepted and accepted.by == "Ada"
    assert store.acceptance("m", "1") is None


def test_an_alert_is_opened_acknowledged_and_closed(store: Store) -> None:
    alert = Alert(model="m", version="1", cause="inputs", since="2013-03-03", what="Input changed: wind")
    opened = store.save_alert("inputs", alert)
    assert opened.id and opened.opened
    store.acknowledge(opened.id, "Ada")
    kept = store.open_alerts("m")["inputs"]
    assert kept.acknowledged_by == "Ada"
    store.save_alert("inputs", kept.model_copy(update={"closed": "2013-03-09"}))
    assert store.open_alerts("m") == {}
    assert store.alerts("m")[0].closed == "2013-03-09"
    with pytest.raises(HandoffError, match="no alert 999"):
        store.acknowledge(999, "Ada")


def test_a_database_that_is_away_is_one_sentence_without_its_address() -> None:
    with pytest.raises(HandoffError) as raised:
        Store("postgresql+psycopg://user:hunter2@127.0.0.1:9/none").add_outcomes("m", [Outcome(answer="1", truth=1)])
    assert "hunter2" not in str(raised.value)
