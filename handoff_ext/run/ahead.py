"""Stages made ready ahead: while one runs, kernels of the next ones start, import and define."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import psutil

from handoff_ext.contracts.pipeline import Stage
from handoff_ext.run.executing import Execution
from handoff_ext.run.kernel import Kernel

_AHEAD = 2
"""How many stages may be ready: each holds a kernel's memory."""
_ROOM = 2**30
"""None is made ready where less memory than this is free, in bytes: the stages at work need it more."""

Prepare = Callable[[Stage], Coroutine[Any, Any, Execution]]
Fresh = Callable[[Execution], Awaitable[bool]]


class Ahead:
    """Executions that have begun, by stage.

    ``prepare`` makes one ready; ``fresh`` says whether all it read on the way is still as it was; ``count`` stages are
    made ready at most.
    """

    def __init__(self, stages: Sequence[Stage], prepare: Prepare, fresh: Fresh, count: int = _AHEAD) -> None:
        self._left = list(stages)
        self.prepare = prepare
        self.fresh = fresh
        self._count = count
        self._tasks: dict[str, asyncio.Task[Execution]] = {}
        self._running: list[Kernel] = []
        self._discarded: list[asyncio.Task[None]] = []

    async def take(self, stage: Stage) -> Execution:
        """The stage's execution, as far as it could begin. Raises ``HandoffError`` where the kernel does not start."""
        self._left.remove(stage)
        early = stage.name in self._tasks
        execution = await self._ready(stage)
        if early and not await self.fresh(execution):
            await self.give_back(execution.kernel, now=True)
            execution = await self._ready(stage)
        if psutil.virtual_memory().available > _ROOM:
            for other in self._left[: self._count]:
                self._begin(other)
        return execution

    def not_needed(self, stage: Stage) -> None:
        """The stage need not run after all."""
        self._left.remove(stage)
        if task := self._tasks.pop(stage.name, None):
            self._discarded.append(asyncio.create_task(_discard(task)))

    async def give_back(self, kernel: Kernel, now: bool = False) -> None:
        """End a kernel that was taken."""
        if kernel in self._running:
            self._running.remove(kernel)
            await kernel.stop(now)

    async def close(self) -> None:
        """End all kernels, started or starting."""
        self._discarded += [asyncio.create_task(_discard(task)) for task in self._tasks.values()]
        self._tasks.clear()
        for kernel in list(self._running):
            await self.give_back(kernel, now=True)
        await asyncio.gather(*self._discarded)

    def _begin(self, stage: Stage) -> None:
        if stage.name not in self._tasks:
            self._tasks[stage.name] = asyncio.create_task(self.prepare(stage))

    async def _ready(self, stage: Stage) -> Execution:
        self._begin(stage)
        # It is let go of only once it is ours: a cancellation in between would leave its kernel to nobody.
        execution = await self._tasks[stage.name]
        del self._tasks[stage.name]
        self._running.append(execution.kernel)
        return execution


async def _discard(task: asyncio.Task[Execution]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError, Exception):
        await (await task).kernel.stop(now=True)
