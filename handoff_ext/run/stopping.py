"""Stopping a run: by signal, or by an event that another thread sets."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

_LOOK_EVERY = 0.2


@asynccontextmanager
async def stoppable(stop: threading.Event | None) -> AsyncIterator[None]:
    """Cancel this task, once, on SIGINT, SIGTERM or when ``stop`` is set; the old handlers come back."""
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    cancelled = False

    def cancel() -> None:
        nonlocal cancelled
        if not cancelled:
            cancelled = True
            task.cancel()

    old: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            old[number] = signal.getsignal(number)
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(cancel))
    watcher = asyncio.create_task(_watch(stop, cancel)) if stop is not None else None
    try:
        yield
    finally:
        if watcher is not None:
            watcher.cancel()
        for number, handler in old.items():
            signal.signal(number, handler)


async def unbroken(work: Awaitable[Any]) -> None:
    """Await ``work`` to its end, also when this task is cancelled meanwhile; then the cancellation goes on."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    finally:
        await asyncio.wait({task})


async def _watch(stop: threading.Event, cancel: Any) -> None:
    while not stop.is_set():
        await asyncio.sleep(_LOOK_EVERY)
    cancel()
