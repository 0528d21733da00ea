"""A served version under load while its worker, the ledger's database and the registry are killed again and again."""

from __future__ import annotations

import asyncio
import itertools
import pickle
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import httpx
import numpy as np
import pandas as pd
import psutil

from handoff_ext.contracts.serving import Answers
from tests.serve.conftest import Published

ROWS, OUTCOME_EVERY = 4000, 20


@dataclass(frozen=True)
class Blow:
    """Something that is taken away for ``seconds``, and comes back."""

    name: str
    down: Callable[[], object]
    up: Callable[[], object] = lambda: None
    seconds: float = 1.0


@dataclass
class Soaked:
    """What the clients saw.

    ``answers`` are ids with the model's answer, None where the fallback gave it, for one of ``reasons``; ``wrong`` and
    ``broken`` must be empty; ``statuses`` counts requests that were not taken, ``outcomes`` are ids that were reported.
    """

    answers: dict[str, float | None] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    outcomes: set[str] = field(default_factory=set)
    reasons: Counter[str] = field(default_factory=Counter)
    blows: Counter[str] = field(default_factory=Counter)
    took: float = 0.0

    @property
    def fallbacks(self) -> int:
        """How many answers the fallback gave."""
        return sum(answer is None for answer in self.answers.values())


def worker_of(gateway: int) -> Blow:
    """Kills the gateway's worker; the gateway itself starts another."""

    def kill() -> None:
        for child in psutil.Process(gateway).children():
            if any("worker" in part for part in child.cmdline()):
                child.send_signal(signal.SIGKILL)

    return Blow("worker", kill, seconds=0.1)


def distinct_rows(published: Published) -> tuple[list[dict[str, object]], list[float]]:
    """Rows, no two of which have the same answer, and these."""
    rows = [{**published.rows[place % 400], "wind": place * 40 / ROWS} for place in range(ROWS)]
    model = pickle.loads((published.folder / "artifacts" / "model.pkl").read_bytes())
    return rows, model.predict_proba(pd.DataFrame(rows))[:, 1].tolist()


async def soak(
    url: str, published: Published, seconds: float, clients: int, blows: Sequence[Blow], pause: float
) -> Soaked:
    """Ask one row after another from several clients, and strike in turn, ``pause`` seconds apart; at least once each,
    and on until the model answers again.

    Args:
        url: the gateway's.
        published: the model, which also says what is right.
        seconds: how long.
        clients: how many at once.
        blows: what is taken away.
        pause: between two of them.
    """
    rows, right = distinct_rows(published)
    found, places, begun = Soaked(), itertools.count(), time.monotonic()

    well = [0]  # answers of the model since the last blow

    def late() -> bool:
        return time.monotonic() - begun >= seconds and sum(found.blows.values()) >= len(blows)

    def over() -> bool:
        return late() and well[0] >= 10 * clients

    async def one(client: httpx.AsyncClient) -> None:
        while not over():
            place = next(places) % ROWS
            try:
                response = await client.post("/predict", json=rows[place])
                if response.status_code == 200:
                    answer = _check(found, response, right[place])
                    well[0] += found.answers[answer] is not None
                    if len(found.answers) % OUTCOME_EVERY == 0:
                        await _report(client, found, answer)
                else:
                    found.statuses[response.status_code] += 1
                    await asyncio.sleep(float(response.headers.get("Retry-After", 0.1)))
            except httpx.HTTPError as error:
                found.broken.append(type(error).__name__)

    async def strike() -> None:
        for blow in itertools.cycle(blows):
            await asyncio.sleep(pause)
            if late():
                return
            await asyncio.to_thread(blow.down)
            await asyncio.sleep(blow.seconds)
            await asyncio.to_thread(blow.up)
            found.blows[blow.name] += 1
            well[0] = 0

    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False, limits=limits) as client:
        await asyncio.gather(strike(), *(one(client) for _ in range(clients)))
    found.took = time.monotonic() - begun
    return found


def _check(found: Soaked, response: httpx.Response, right: float) -> str:
    """Keep the answer, and say where it is another row's."""
    (answer,) = Answers.model_validate_json(response.content).answers
    if answer.id in found.answers:
        found.wrong.append(f"{answer.id} was given twice")
    if answer.fallback and not answer.fallback_reason:
        found.wrong.append(f"{answer.id} has no reason")
    if not answer.fallback and not np.isclose(answer.prediction, right, rtol=1e-9):
        found.wrong.append(f"{answer.id}: {answer.prediction} instead of {right}")
    if answer.fallback:
        found.reasons[answer.fallback_reason] += 1
    found.answers[answer.id] = None if answer.fallback else float(answer.prediction)
    return answer.id


async def _report(client: httpx.AsyncClient, found: Soaked, answer: str) -> None:
    response = await client.post("/outcomes", json=[{"id": answer, "truth": True}])
    if response.status_code == 200:
        found.outcomes.add(answer)
    else:
        found.statuses[response.status_code] += 1
