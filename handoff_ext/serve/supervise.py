"""Keeps one version's model answering: starts its worker, warms it, and starts another when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.serve.limits import Limits
from handoff_ext.serve.validate import Checked
from handoff_ext.serve.worker import Worker, WorkerGone

State = Literal["starting", "ready", "failed", "stopped"]
LONGEST_PAUSE = 30.0
log = logging.getLogger(__name__)


class Model:
    """One version's worker, whatever happens to its process.

    Args:
        folder: the version's files.
        interpreter: makes the environment and gives its interpreter; called in a thread.
        warm: rows that the model must answer before it counts as ready, or None.
        limits: times to load and to answer.
    """

    def __init__(self, folder: Path, interpreter: Callable[[], Path], warm: Checked | None, limits: Limits) -> None:
        self.state: State = "starting"
        self.reason = "The model is loading."
        self.restarts = -1
        self._folder = folder
        self._interpreter = interpreter
        self._warm = warm
        self._limits = limits
        self._worker: Worker | None = None
        self._changed = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The worker's process id while it runs."""
        return self._worker.pid if self._worker else None

    def start(self) -> None:
        """Begin to load, in the background."""
        self._set("starting", "The model is loading.")
        self._keeper = asyncio.create_task(self._bring_up(), name="handoff-model")

    async def settled(self, seconds: float) -> State:
        """Wait until loading has come to an end, at most ``seconds``."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.state == "starting":
                    await self._changed.wait()
        return self.state

    async def predict(self, columns: Mapping[str, Sequence[Any]], count: int) -> list[Any]:
        """One JSON value a row. One call at a time. While a worker is being started, they wait for it.

        Raises:
            WorkerFailed: the model raised, or there is no worker that could answer in time.
        """
        if await self.settled(self._limits.seconds) != "ready" or self._worker is None:
            raise WorkerGone(self.reason)
        try:
            return await self._worker.predict(columns, count, self._limits.seconds)
        except WorkerGone as gone:
            log.warning("%s Starting another.", gone.message)
            self.start()
            raise

    async def stop(self) -> None:
        """End the worker for good."""
        self._set("stopped", "The service is stopping.")
        if self._keeper:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        if self._worker:
            await self._worker.stop()

    async def _bring_up(self) -> None:
        pause = 1.0
        while True:
            try:
                self._worker = await self._loaded()
            except HandoffError as error:
                log.error("%s Next try in %.0f s.", error.message, pause)
                self._set("failed", error.message)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            self.restarts += 1
            self._set("ready", "")
            return

    async def _loaded(self) -> Worker:
        worker = Worker(await asyncio.to_thread(self._interpreter), self._folder)
        try:
            await worker.start(self._limits.load_seconds)
            if self._warm:
                await worker.predict(self._warm.columns, self._warm.count, self._limits.load_seconds)
        except BaseException:
            await worker.stop()
            raise
        return worker

    def _set(self, state: State, reason: str) -> None:
        self.state, self.reason = state, reason
        self._changed.set()
        self._changed = asyncio.Event()
