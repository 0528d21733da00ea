"""Kernels made ahead: while one stage runs, the next one's kernel starts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from handoff_ext.run.kernel import Kernel, start_kernel


class Kernels:
    """Fresh kernels of one kind in one folder; ``wanted`` is how many the run may need at most."""

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str], wanted: int) -> None:
        self._name = name
        self._folder = folder
        self._environment = environment
        self._wanted = wanted
        self._spare: asyncio.Task[Kernel] | None = None
        self._taken: list[Kernel] = []

    async def take(self) -> Kernel:
        """A kernel that nothing has run in yet. Raises ``HandoffError`` where it does not start."""
        starting = self._spare or self._start()
        self._spare = None
        self._wanted -= 1
        kernel = await starting
        self._taken.append(kernel)
        if self._wanted > 0 and self._spare is None:
            self._spare = self._start()
        return kernel

    def not_needed(self) -> None:
        """A stage needs no kernel after all."""
        self._wanted -= 1

    async def give_back(self, kernel: Kernel, now: bool = False) -> None:
        """End a kernel."""
        if kernel in self._taken:
            self._taken.remove(kernel)
            await kernel.stop(now)

    async def close(self) -> None:
        """End all kernels, started or starting."""
        if self._spare is not None:
            self._spare.cancel()
            [started] = await asyncio.gather(self._spare, return_exceptions=True)
            if isinstance(started, Kernel):
                self._taken.append(started)
        for kernel in list(self._taken):
            await self.give_back(kernel, now=True)

    def _start(self) -> asyncio.Task[Kernel]:
        return asyncio.create_task(start_kernel(self._name, self._folder, self._environment))
