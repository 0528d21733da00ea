"""The server's end: one child process, started on the first request, asked one thing at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handoff_ext.server.analysis import wire
from handoff_ext.server.failures import AnalysisFailed

COMMAND = (sys.executable, "-P", "-W", "ignore", "-m", "handoff_ext.server.analysis")
"""Warnings are off because Python quotes the user's own lines in them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """JSON to hand to the browser, its HTTP status, and what stays in the server (``kept``)."""

    status: int
    body: bytes
    kept: dict[str, Any]


class Analysis:
    """Asks the analysis process. Starts it again when it has died, ends it when an answer takes longer than ``limit``
    seconds: it holds nothing that the sidebar cannot send again."""

    def __init__(self, log: logging.Logger, limit: float, command: tuple[str, ...] = COMMAND) -> None:
        self._log = log
        self._limit = limit
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The child's process id while it lives."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if alive and self._process else None

    async def ask(self, method: str, root: Path, body: bytes = b"", **arguments: str) -> Answer:
        """One question. ``root`` is the folder that the server serves. Raises ``AnalysisFailed``."""
        async with self._turn:
            process = await self._alive()
            head = {"method": method, "root": str(root), "arguments": arguments}
            try:
                async with asyncio.timeout(self._limit):
                    answer, data = await self._exchange(process, wire.frame(head, body))
            except TimeoutError:
                await self._end()
                raise AnalysisFailed(
                    f"Reading this notebook took longer than {self._limit:.0f} s and was stopped.",
                    "Try again; very large cells may be split.",
                ) from None
            except (asyncio.IncompleteReadError, ConnectionError):
                await self._end()
                raise AnalysisFailed("The analysis stopped on this notebook.", "Try again: it starts anew.") from None
            except BaseException:
                await self._end()  # half a message may stand in the pipe
                raise
        if answer["log"]:
            self._log.error("handoff_ext: %s failed in the analysis process: %s", method, answer["log"])
        return Answer(answer["status"], data, answer["kept"])

    async def stop(self) -> None:
        """End the child."""
        async with self._turn:
            await self._end()

    async def _alive(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                start_new_session=True,  # Ctrl-C in the terminal is for the server; the child ends with its pipe
            )
        return self._process

    async def _exchange(self, process: asyncio.subprocess.Process, message: bytes) -> tuple[wire.Head, bytes]:
        if process.stdin is None or process.stdout is None:
            raise ConnectionError
        process.stdin.write(message)
        await process.stdin.drain()
        return await wire.read_async(process.stdout)

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()
