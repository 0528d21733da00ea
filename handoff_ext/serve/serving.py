"""The version in charge: follows the registry without a restart, and keeps the previous version for the fallback."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.serve.engine import Engine
from handoff_ext.serve.limits import Limits
from handoff_ext.serve.registry import fetch, stamp
from handoff_ext.serve.version import ServedVersion

log = logging.getLogger(__name__)


class Serving:
    """Holds the engine that answers now.

    Args:
        version: what to begin with.
        limits: bounds of requests.
        tracking_uri: where the registry is; asked again while serving what it named.
        every: seconds between looks at the registry; 0 for never.
    """

    def __init__(
        self, version: ServedVersion, limits: Limits | None = None, tracking_uri: str | None = None, every: float = 0
    ) -> None:
        self.limits = limits or Limits()
        self.engine = Engine(version, self.limits)
        self._tracking_uri = tracking_uri
        self._every = every if version.uri.startswith("models:/") else 0
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Load the model, in the background."""
        self.engine.model.start()
        self._begin(self._previous(self.engine))
        if self._every:
            self._begin(self._follow())

    async def stop(self) -> None:
        """End all workers."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.engine.stop()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks = [task for task in self._tasks if not task.done()]
        self._tasks.append(asyncio.create_task(work))

    async def _previous(self, engine: Engine) -> None:
        """Start the version before, where the plan wants it to answer when this one cannot."""
        version = engine.version
        if version.plan.fallback.kind != "previous" or not version.version.isdigit() or int(version.version) < 2:
            return
        uri = f"models:/{version.name}/{int(version.version) - 1}"
        try:
            before = await asyncio.to_thread(fetch, uri, self._tracking_uri)
        except HandoffError as error:
            log.warning("The previous version is not there: %s", error.message)
            return
        engine.previous = Engine(before, self.limits)
        engine.previous.model.start()

    async def _follow(self) -> None:
        """Look at the registry from time to time; a look is cheap while its file is as it was."""
        seen = stamp(self._tracking_uri)
        while True:
            await asyncio.sleep(self._every)
            now = stamp(self._tracking_uri)
            if now is not None and now == seen:
                continue
            try:
                found = await asyncio.to_thread(fetch, self.engine.version.uri, self._tracking_uri)
            except HandoffError as error:
                log.warning("%s Version %s goes on.", error.message, self.engine.version.version)
                continue
            seen = now
            await self._take(found)

    async def _take(self, found: ServedVersion) -> None:
        """Put another version in charge once it has answered its example; the old one finishes what it has."""
        old = self.engine
        if (found.version, found.folder) == (old.version.version, old.version.folder):
            old.version = replace(old.version, stage=found.stage)
            return
        new = Engine(found, self.limits)
        new.model.start()
        try:
            if await new.model.settled(self.limits.load_seconds) != "ready":
                log.error("Version %s stays: %s", old.version.version, new.model.reason)
                await new.stop()
                return
        except asyncio.CancelledError:
            await new.stop()
            raise
        self.engine = new
        log.warning("Version %s answers now, after %s.", found.version, old.version.version)
        self._begin(self._previous(new))
        self._begin(self._retire(old))

    async def _retire(self, old: Engine) -> None:
        try:
            await asyncio.sleep(self.limits.seconds)
        finally:
            await old.stop()
