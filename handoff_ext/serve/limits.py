"""How much one request, and all of them together, may ask."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds of a gateway. ``body`` in bytes, times in seconds; ``gather`` is the longest a row waits for company,
    ``beside`` the number of requests that may wait for a challenger."""

    body: int = 5_000_000
    rows: int = 10_000
    seconds: float = 10.0
    concurrency: int = 256
    batch_rows: int = 10_000
    beside: int = 64
    gather: float = 0.002
    load_seconds: float = 120.0
