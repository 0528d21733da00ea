"""Whatever is killed: no wrong answer, every request answered by the model or the fallback, and all on record.

A few seconds on sqlite; ``make soak`` (``HANDOFF_SOAK=900``) for 15 minutes, with registry and ledger on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from handoff_ext.ledger.place import ledger_of
from handoff_ext.ledger.reading import predictions
from handoff_ext.ledger.store import Store
from tests.postgresql import Server, server
from tests.serve.conftest import Published, gateway, until_ready
from tests.serve.soaking import Blow, soak, worker_of

SECONDS = float(os.environ.get("HANDOFF_SOAK", "0"))
SHORT = 2.0
LONG_AGO = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Place:
    """Where a soak runs, and what is taken away from it."""

    published: Published
    registry: str
    database: str
    log: Path
    blows: list[Blow]


@contextmanager
def on_sqlite(published: Published, folder: Path) -> Iterator[Place]:
    """The registry's file is moved away, the ledger's is locked."""
    registry, ledger = folder / "mlflow.db", folder / "ledger.db"
    shutil.copy(published.tracking_uri.removeprefix("sqlite:///"), registry)
    locked = ExitStack()

    def lock() -> None:
        connection = locked.enter_context(closing(sqlite3.connect(ledger, check_same_thread=False)))
        connection.execute("BEGIN EXCLUSIVE")

    away = folder / "away.db"
    blows = [
        Blow("database", lock, locked.close, seconds=0.5),
        Blow("registry", lambda: registry.rename(away), lambda: away.rename(registry), seconds=1.2),
    ]
    yield Place(published, f"sqlite:///{registry}", f"sqlite:///{ledger}", folder / "log", blows)


@contextmanager
def on_postgresql(published: Published, folder: Path) -> Iterator[Place]:
    """Both servers are killed, and started again."""

    def blow(name: str, running: Server) -> Blow:
        return Blow(name, running.kill, running.start, seconds=3)

    with server() as registry, server() as ledger:
        shutil.copy(Path(published.tracking_uri.removeprefix("sqlite:///")).parent / "serving.lock", folder)
        script = Path(__file__).parent / "publish_flights.py"
        command = [sys.executable, str(script), str(folder), registry.url]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        facts = json.loads((folder / "facts.json").read_text())
        there = Published(
            uri="models:/flights/1",
            tracking_uri=registry.url,
            model_id=facts["model_id"],
            folder=Path(facts["folder"]),
            rows=facts["rows"],
            scores=facts["scores"],
        )
        blows = [blow("database", ledger), blow("registry", registry)]
        yield Place(there, registry.url, ledger.url, folder / "log", blows)


@pytest.mark.timeout(SECONDS + 600)
def test_kills_cost_no_answer(published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds, pause = (SECONDS, 5.0) if SECONDS else (SHORT, 0.3)
    where = on_postgresql if SECONDS else on_sqlite
    with where(published, tmp_path) as place:
        monkeypatch.setenv("HANDOFF_DATABASE", place.database)
        monkeypatch.setenv("HANDOFF_LOG", str(place.log))
        with gateway("--name", "flights", "--tracking-uri", place.registry) as (client, process):
            until_ready(client)
            blows = [*place.blows, worker_of(process.pid)]
            found = asyncio.run(soak(str(client.base_url), place.published, seconds, 8, blows, pause))
        counted = f"{len(found.answers):,} answers in {found.took:.0f} s, {found.fallbacks} by fallback"
        rest = f"{dict(found.statuses)} not taken; {len(found.outcomes)} outcomes"
        print(f"{counted}: {dict(found.reasons)}; {dict(found.blows)}; {rest}")  # noqa: T201 - figures of make soak
        assert process.returncode == 0
        assert found.wrong == []
        assert found.broken == []
        assert found.statuses.keys() <= {429, 503}
        assert min(found.blows[blow.name] for blow in blows) >= 1
        assert len(found.answers) - found.fallbacks >= 80
        logged = {}
        for table in predictions(ledger_of(place.registry), "flights", "1", LONG_AGO, ["id", "out:prediction"]):
            for row in table.to_pylist():
                assert row["id"] not in logged, "on record twice"
                logged[row["id"]] = row["out:prediction"]
        assert {id: answer for id, answer in logged.items() if id in found.answers} == found.answers
        store = Store(place.database)
        assert found.outcomes and found.outcomes <= store.outcomes("flights").keys()
        store.close()
