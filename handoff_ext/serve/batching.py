"""Gathers concurrent requests into one call of the model: the call costs much more than a row of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from handoff_ext.serve.limits import Limits
from handoff_ext.serve.validate import Checked
from handoff_ext.serve.worker import WorkerFailed, WorkerGone

Predict = Callable[[Mapping[str, Sequence[Any]], int], Awaitable[list[Any]]]
Waiting = tuple[Checked, asyncio.Future[list[Any]]]


class Batcher:
    """One call at a time; what arrives meanwhile goes together into the next.

    A lone request is never delayed: rows wait for company (at most ``limits.gather``) only where the call before held
    more than one request.
    """

    def __init__(self, predict: Predict, limits: Limits) -> None:
        self._predict = predict
        self._limits = limits
        self._queue: deque[Waiting] = deque()
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def submit(self, checked: Checked) -> list[Any]:
        """The model's answers for these rows.

        Raises:
            WorkerFailed: no answer, for whatever reason.
        """
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="handoff-batches")
        future: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._queue.append((checked, future))
        self._arrived.set()
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await future
        except TimeoutError:
            raise WorkerFailed(f"The model took longer than {self._limits.seconds:g} seconds.") from None

    async def stop(self) -> None:
        """End the loop; requests still waiting are told."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for _, future in self._queue:
            if not future.done():
                future.set_exception(WorkerGone("The service is stopping."))

    async def _run(self) -> None:
        company = 1
        while True:
            if not self._queue:
                self._arrived.clear()
                await self._arrived.wait()
            if company > len(self._queue):
                await self._gather(company)
            batch = self._take()
            if batch:
                company = len(batch)
                await self._answer(batch)

    async def _gather(self, company: int) -> None:
        """Wait until as many are here as came last time, but not long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._limits.gather):
                while len(self._queue) < company:
                    self._arrived.clear()
                    await self._arrived.wait()

    def _take(self) -> list[Waiting]:
        batch: list[Waiting] = []
        rows = 0
        while self._queue and (not batch or rows + self._queue[0][0].count <= self._limits.batch_rows):
            waiting = self._queue.popleft()
            if not waiting[1].done():  # else its request has given up
                batch.append(waiting)
                rows += waiting[0].count
        return batch

    async def _answer(self, batch: list[Waiting]) -> None:
        try:
            answers = await self._predict(*_together([checked for checked, _ in batch]))
        except WorkerGone as error:
            _fail(batch, error)
        except WorkerFailed as error:
            if len(batch) == 1:
                _fail(batch, error)
            else:  # one of them may have spoilt it for all
                for waiting in batch:
                    await self._answer([waiting])
        except asyncio.CancelledError:
            _fail(batch, WorkerGone("The service is stopping."))
            raise
        else:
            start = 0
            for checked, future in batch:
                if not future.done():
                    future.set_result(answers[start : start + checked.count])
                start += checked.count


def _fail(batch: list[Waiting], error: WorkerFailed) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(type(error)(error.message))


def _together(parts: list[Checked]) -> tuple[Mapping[str, Sequence[Any]], int]:
    if len(parts) == 1:
        return parts[0].columns, parts[0].count
    columns = {name: [value for part in parts for value in part.columns[name]] for name in parts[0].columns}
    return columns, sum(part.count for part in parts)
