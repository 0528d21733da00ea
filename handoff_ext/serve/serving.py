"""The versions at work: one in charge, challengers beside it, the one before ready to come back.

Follows the registry without a restart: a version takes over once it has answered its example, and the old one finishes
what it has.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.ledger.place import Ledger
from handoff_ext.serve.engine import Engine
from handoff_ext.serve.limits import Limits
from handoff_ext.serve.recording import Recorder, seal_all
from handoff_ext.serve.registry import URI, fetch
from handoff_ext.serve.standing import Standing, standing
from handoff_ext.serve.version import ServedVersion

log = logging.getLogger(__name__)


class Serving:
    """Holds the engine that answers now, and those beside it.

    Args:
        version: what to begin with.
        limits: bounds of requests.
        tracking_uri: where the registry is; looked at again while serving what it named by an alias or a name.
        every: seconds between looks at the registry; 0 for never.
        ledger: where answers are put on record; nowhere where None.
    """

    def __init__(
        self,
        version: ServedVersion,
        limits: Limits | None = None,
        tracking_uri: str | None = None,
        every: float = 0,
        ledger: Ledger | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.ledger = ledger
        self._tracking_uri = tracking_uri
        address = URI.fullmatch(version.uri)
        self._alias = (address["alias"] or "") if address else ""
        self._number = (address["version"] or "") if address else ""
        self._follows = bool(self._alias or self._number)
        self._every = every
        self._engines: dict[str, Engine] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self.engine = self._engine(version)

    def start(self) -> None:
        """Load the model, in the background."""
        self.engine.model.start()
        self._begin(self._follow() if self._follows and self._every else self._once())
        if self.ledger and any(self.ledger.journals.glob("*.journal")):
            self._begin(asyncio.to_thread(seal_all, self.ledger))  # what an earlier process left

    async def stop(self) -> None:
        """End all workers; what was answered is on record."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(engine.stop() for engine in {*self._engines.values(), self.engine}))

    @property
    def lost(self) -> int:
        """Answers that could not be put on record."""
        return sum(engine.recorder.lost for engine in self._engines.values() if engine.recorder)

    def _engine(self, version: ServedVersion) -> Engine:
        engine = Engine(version, self.limits)
        engine.recorder = Recorder(version, self.ledger) if self.ledger else None
        self._engines[version.version] = engine
        return engine

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks = [task for task in self._tasks if not task.done()]
        self._tasks.append(asyncio.create_task(work))

    async def _once(self) -> None:
        """Where one version is served and no alias: only the plan's previous version beside it."""
        version = self.engine.version
        if version.plan.fallback.kind == "previous" and version.version.isdigit() and int(version.version) > 1:
            number = str(int(version.version) - 1)
            await self._bring([number])
            self.engine.previous = self._engines.get(number)

    async def _follow(self) -> None:
        """Look at the registry from time to time."""
        seen: Standing | None = None
        trouble = ""
        while True:
            try:
                now = await asyncio.to_thread(standing, self.engine.version.name, self._tracking_uri)
                if now != seen:
                    await self._arrange(now)
                    seen = now
                trouble = ""
            except HandoffError as error:
                if error.message != trouble:  # said once, not every second
                    log.warning("%s Version %s goes on.", error.message, self.engine.version.version)
                trouble = error.message
            await asyncio.sleep(self._every)

    async def _arrange(self, now: Standing) -> None:
        """Put in charge, beside and behind what the registry says."""
        number = self._number or now.aliases.get(self._alias, "")
        if number not in now.versions:
            # Nobody is in charge yet, or no longer: the candidate watches.
            number = now.in_charge or self.engine.version.version
        challengers = now.challengers if self._alias == "champion" else ()
        before = now.aliases.get("previous", "")
        if not before and number.isdigit() and self._wants_previous():
            before = str(int(number) - 1)
        wanted = dict.fromkeys([number, *challengers, *([before] if before in now.versions else [])])
        await self._bring([number])
        in_charge = self._engines.get(number)
        if in_charge is not None and in_charge is not self.engine and await self._answers(in_charge):
            old, self.engine = self.engine, in_charge
            log.warning("Version %s answers now, after %s.", number, old.version.version)
        await self._bring(wanted)
        for each in self._engines.values():
            known = now.versions.get(each.version.version)
            if known:
                each.version = replace(each.version, stage=known.stage, load=known.tags.get("handoff.load", ""))
            each.challengers, each.previous = (), None
        self.engine.challengers = tuple(
            self._engines[each]
            for each in challengers
            if each in self._engines and self._engines[each] is not self.engine
        )
        behind = self._engines.get(before)
        self.engine.previous = behind if behind is not self.engine and self._wants_previous() else None
        for name, engine in list(self._engines.items()):
            if name not in wanted and engine is not self.engine:
                self._begin(self._retire(self._engines.pop(name)))

    def _wants_previous(self) -> bool:
        return self.engine.version.plan.fallback.kind == "previous"

    async def _bring(self, numbers: Iterable[str]) -> None:
        """Start those that are not at work yet; what cannot be had is said and left out."""
        for number in numbers:
            if number in self._engines:
                continue
            uri = f"models:/{self.engine.version.name}/{number}"
            try:
                version = await asyncio.to_thread(fetch, uri, self._tracking_uri)
            except HandoffError as error:
                log.warning("Version %s cannot be had: %s", number, error.message)
                continue
            self._engine(version).model.start()

    async def _answers(self, engine: Engine) -> bool:
        """Whether it is ready; one that is not must not take over."""
        if await engine.model.settled(self.limits.load_seconds) == "ready":
            return True
        log.error("Version %s stays: %s", self.engine.version.version, engine.model.reason)
        return False

    async def _retire(self, old: Engine) -> None:
        try:
            await asyncio.sleep(self.limits.seconds)
        finally:
            await old.stop()
