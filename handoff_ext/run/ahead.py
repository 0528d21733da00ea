"""Stages made ready ahead: while one runs, kernels of the next ones start, import and define."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from handoff_ext.contracts.pipeline import Stage
from handoff_ext.run.executing import Execution
from handoff_ext.run.kernel import Kernel

_AHEAD = 2
"""How many stages may be ready: each holds a kernel's memory."""

Prepare = Callable[[Stage], Coroutine[Any, Any, Execution]]


class Ahead:
    """Executions that have begun, by stage; ``prepare`` makes one ready."""

    def __init__(self, stages: Sequence[Stage], prepare: Prepare) -> None:
        self._left = list(stages)
        self._prepare = prepare
        self._tasks: dict[str, asyncio.Task[Execution]] = {}
        self._running: list[Kernel] = []

    async def take(self, stage: Stage) -> Execution:
        """The stage's execution, as far as it could begin. Raises ``HandoffError`` where the kernel does not start."""
        self._left.remove(stage)
        ready = self._tasks.pop(stage.name, None) or asyncio.create_task(self._prepare(stage))
        execution = await ready
        self._running.append(execution.kernel)
        for other in self._left[:_AHEAD]:
            if other.name not in self._tasks:
                self._tasks[other.name] = asyncio.create_task(self._prepare(other))
        return execution

    def not_needed(self, stage: Stage) -> None:
        """The stage need not run after all."""
        self._left.remove(stage)
        if stage.name in self._tasks:
            self._tasks[stage.name].cancel()

    async def give_back(self, kernel: Kernel, now: bool = False) -> None:
        """End a kernel that was taken."""
        if kernel in self._running:
            self._running.remove(kernel)
            await kernel.stop(now)

    async def close(self) -> None:
        """End all kernels, started or starting."""
        for task in self._tasks.values():
            task.cancel()
        for task in self._tasks.values():
            with contextlib.suppress(asyncio.CancelledError, Exception):
                self._running.append((await task).kernel)
        for kernel in list(self._running):
            await self.give_back(kernel, now=True)
