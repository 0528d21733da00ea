"""Answers of a running gateway, their outcomes and their challengers' answers are on record."""

from __future__ import annotations

import asyncio
import datetime
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from handoff_ext.contracts.plan import Column
from handoff_ext.ledger.place import Ledger, ledger_of
from handoff_ext.ledger.reading import predictions
from handoff_ext.ledger.store import Store
from handoff_ext.serve.engine import Engine
from handoff_ext.serve.limits import Limits
from handoff_ext.serve.recording import Recorder
from handoff_ext.serve.validate import RowsRefused
from handoff_ext.serve.version import ServedVersion
from tests.serve.conftest import RAISES, Published

LONG_AGO = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def on_record(ledger: Ledger, version: str = "1") -> dict[str, dict[str, Any]]:
    tables = predictions(ledger, "flights", version, LONG_AGO)
    return {row["id"]: row for table in tables for row in table.to_pylist()}


def test_outcomes_are_taken_and_wrong_ones_named(served: httpx.Client, published: Published) -> None:
    answer = served.post("/predict", json=published.rows[:1]).json()["answers"][0]
    reports = [{"id": answer["id"], "truth": True, "decision": "gate closed"}]
    assert served.post("/outcomes", json=reports).json() == {"taken": 1}
    assert served.post("/outcomes", json={"outcomes": reports}).json() == {"taken": 1}
    for wrong in ([{"id": answer["id"]}], [{"id": "x", "truth": 1}], [3], [{**reports[0], "surprise": "hunter2"}]):
        response = served.post("/outcomes", json=wrong)
        assert response.status_code == 400
        assert response.json()["message"].startswith("Outcome 1")
        assert "hunter2" not in response.text
    kept = Store(ledger_of(published.tracking_uri).database).outcomes("flights")[answer["id"]]
    assert (kept.truth, kept.decision) == (True, "gate closed")
    while answer["id"] not in on_record(ledger_of(published.tracking_uri)):  # half a second behind
        pass


@pytest.fixture
def engines(version: ServedVersion, tmp_path: Path) -> Callable[..., Any]:
    """Runs a coroutine function on an engine and its challenger, both on record in the ledger it returns."""
    ledger = ledger_of(f"sqlite:///{tmp_path}/mlflow.db")

    def run(ask: Callable[[Engine], Any], plan: dict[str, Any] | None = None) -> Ledger:
        async def both() -> None:
            given = replace(version, plan=version.plan.model_copy(update=plan or {}))
            champion, challenger = (
                Engine(each, Limits(seconds=240), interpreter=lambda: Path(sys.executable))
                for each in (given, replace(given, version="2"))
            )
            for engine in (champion, challenger):
                engine.recorder = Recorder(engine.version, ledger)
                engine.model.start()
                assert await engine.model.settled(240) == "ready"
            champion.challengers = (challenger,)
            await ask(champion)
            await asyncio.gather(*challenger._beside)
            await champion.stop()
            await challenger.stop()

        asyncio.run(both())
        return ledger

    return run


def test_a_challenger_is_on_record_under_the_same_ids_and_never_returned(engines, published: Published) -> None:  # type: ignore[no-untyped-def]
    said = []

    async def ask(champion: Engine) -> None:
        said.extend((await champion.answer(published.rows[:3], by="desk")).answers)
        said.extend((await champion.answer([{**published.rows[0], "wind": RAISES}])).answers)
        with pytest.raises(RowsRefused):
            await champion.answer([{**published.rows[0], "wind": "strong"}])

    ledger = engines(ask, {"columns": {"carrier": Column(personal=True)}})
    ours, theirs = on_record(ledger), on_record(ledger, "2")
    assert {answer.version for answer in said} == {"1"}
    answered = {name for name, row in ours.items() if row["status"] == "answered"}
    assert answered == {answer.id for answer in said} == theirs.keys()
    assert {row["role"] for row in theirs.values()} == {"challenger"}
    first = ours[said[0].id]
    assert first["out:prediction"] == pytest.approx(published.scores[0])
    assert (first["by"], first["in:distance"], first["fallback"]) == ("desk", published.rows[0]["distance"], "")
    assert "in:carrier" not in first, "personal"
    failed = ours[said[3].id]
    assert failed["fallback"] and failed["out:prediction"] is None
    (refused,) = (row for row in ours.values() if row["status"] == "refused")
    assert refused["problem"] == "wind: mistyped"


def test_personal_values_are_hashed_where_there_is_a_key(engines, published, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("HANDOFF_LOG_KEY", "secret")

    async def ask(champion: Engine) -> None:
        await champion.answer([{**published.rows[0], "carrier": carrier} for carrier in ("AA", "DL", "AA")])

    ledger = engines(ask, {"columns": {"carrier": Column(personal=True)}})
    kept = [row["in:carrier"] for row in on_record(ledger).values()]
    assert len(set(kept)) == 2 and all(len(value) == 32 for value in kept)
