"""How much a served version bears: clients that ask one row after another, and count what they get."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.serving import Answers


@dataclass
class Load:
    """What came of a load test. ``seconds`` are those of each answered request, ``refused`` counts others by status."""

    clients: int
    offered: float | None = None
    took: float = 0.0
    seconds: list[float] = field(default_factory=list)
    fallbacks: int = 0
    refused: dict[int, int] = field(default_factory=dict)

    def figures(self) -> dict[str, Any]:
        """Requests a second, times in milliseconds, and what was not answered by the model."""
        times = sorted(self.seconds)
        place = [times[min(len(times) - 1, int(share * len(times)))] for share in (0.5, 0.99)] if times else [0.0, 0.0]
        return {
            "clients": self.clients,
            **({"offered a second": self.offered} if self.offered else {}),
            "requests": len(times) + sum(self.refused.values()),
            "a second": round(len(times) / self.took, 1) if self.took else 0.0,
            "half within ms": round(1000 * place[0], 1),
            "99 of 100 within ms": round(1000 * place[1], 1),
            "fallbacks": self.fallbacks,
            "refused": {str(status): count for status, count in self.refused.items()},
        }


def with_load(card: str, noted: str, html: bool = False) -> str:
    """A card with what a load test noted of its version; as it is where nothing was noted.

    Args:
        card: Markdown, or HTML.
        noted: the figures as JSON, the version's tag ``handoff.load``.
        html: whether the card is HTML.
    """
    try:
        figures = json.loads(noted or "{}")
        offered = f" at {figures['offered a second']} a second" if figures.get("offered a second") else ""
        words = (
            f"{figures['a second']} answers a second from {figures['clients']} clients{offered}; half within "
            f"{figures['half within ms']} ms, 99 of 100 within {figures['99 of 100 within ms']} ms; "
            f"{figures['fallbacks']} of {figures['requests']} by fallback."
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return card
    if not html:
        return f"{card.rstrip()}\n\n## Under load\n\n{words}\n"
    place = max(card.rfind("</main>"), 0) or card.rfind("</body>")
    section = f"<h2>Under load</h2><p>{escape(words)}</p>"
    return card[:place] + section + card[place:] if place >= 0 else card


async def load(
    url: str,
    rows: Sequence[Mapping[str, Any]],
    clients: int,
    seconds: float,
    key: str = "",
    rate: float | None = None,
) -> Load:
    """Ask ``POST url/predict``, one row a request, from several clients for some seconds: as fast as they are answered,
    or ``rate`` times a second in all.

    Raises:
        HandoffError: nobody answers there.
    """
    import httpx

    found = Load(clients, offered=rate)
    headers = {"Content-Type": "application/json"} | ({"X-API-Key": key} if key else {})
    bodies = [json.dumps([row]).encode() for row in rows]
    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60, trust_env=False, limits=limits) as client:
        begun = time.perf_counter()

        async def one(number: int) -> None:
            place = number
            while time.perf_counter() - begun < seconds:
                place += clients
                if rate:  # each client's turns are evenly spaced, and shifted against the others'
                    await asyncio.sleep(max(0.0, begun + (place - clients) / rate - time.perf_counter()))
                asked = time.perf_counter()
                response = await client.post("/predict", content=bodies[place % len(bodies)])
                if response.status_code == 200:
                    found.seconds.append(time.perf_counter() - asked)
                    answers = Answers.model_validate_json(response.content).answers
                    found.fallbacks += sum(answer.fallback for answer in answers)
                else:
                    found.refused[response.status_code] = found.refused.get(response.status_code, 0) + 1
                    await asyncio.sleep(float(response.headers.get("Retry-After", 0)))

        try:
            await asyncio.gather(*(one(number) for number in range(clients)))
        except httpx.HTTPError as error:
            raise HandoffError(f"The service does not answer ({type(error).__name__}).", "See that it runs.") from None
        found.took = time.perf_counter() - begun
    return found
