"""The gateway's side of a worker: starts it, asks it, ends it, and says so when it is gone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from handoff_ext.contracts.errors import HandoffError

SCRIPT = Path(__file__).parent / "inside" / "worker.py"


class WorkerFailed(HandoffError):
    """The model gave no answer: it did not load, raised, took too long, or its process ended."""


class WorkerGone(WorkerFailed):
    """The worker's process has ended; a new one is needed."""


class Worker:
    """One process that holds one model, in the version's own environment, asked over a private Unix socket pair.

    A pair and not a path: there is no file to find, guard or leave behind.
    """

    def __init__(self, interpreter: Path, folder: Path) -> None:
        self.interpreter = interpreter
        self.folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    @property
    def pid(self) -> int | None:
        """The worker's process id while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self, seconds: float = 120) -> None:
        """Start the process and wait until the model is loaded.

        Raises:
            WorkerFailed: the model does not load in ``seconds``.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                *[str(self.interpreter), "-I", str(SCRIPT), str(theirs.fileno()), str(self.folder)],
                pass_fds=[theirs.fileno()],
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env=_environment(),
                # Its own session: Ctrl-C in a terminal is the gateway's to handle.
                start_new_session=True,
            )
        self._reader, self._writer = await asyncio.open_unix_connection(sock=ours)
        try:
            said = await asyncio.wait_for(self._receive(), seconds)
        except TimeoutError:
            await self.stop()
            raise WorkerFailed(f"The model did not load in {seconds:.0f} seconds.") from None
        except BaseException:
            await self.stop()
            raise
        if "error" in said:
            await self.stop()
            raise WorkerFailed(f"The model did not load ({said['error']}).", "Rehearse it: handoff rehearse.")

    async def predict(self, columns: Mapping[str, Sequence[Any]], count: int, seconds: float) -> list[Any]:
        """One JSON value for each of ``count`` rows. One call at a time.

        Raises:
            WorkerGone: the process ended, or was ended because it took longer than ``seconds``.
            WorkerFailed: the model raised.
        """
        if self._writer is None:
            raise WorkerGone("The model's process is not running.")
        body = json.dumps({"rows": count, "columns": columns}, separators=(",", ":")).encode()
        try:
            self._writer.write(struct.pack(">I", len(body)) + body)
            said = await asyncio.wait_for(self._answer(), seconds)
        except TimeoutError:
            await self.stop()
            raise WorkerGone(f"The model took longer than {seconds:g} seconds.") from None
        except OSError:
            await self.stop()
            raise WorkerGone("The model's process ended.") from None
        except asyncio.CancelledError:
            # The answer would be read by the next caller.
            await self.stop()
            raise
        if "error" in said:
            raise WorkerFailed(f"The model failed ({said['error']}).")
        rows = said["rows"]
        assert isinstance(rows, list)
        return rows

    async def stop(self) -> None:
        """End the process now; it holds nothing that could be lost."""
        process, writer = self._process, self._writer
        self._process = self._reader = self._writer = None
        if writer is not None:
            writer.close()
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _answer(self) -> dict[str, Any]:
        assert self._writer is not None
        await self._writer.drain()
        return await self._receive()

    async def _receive(self) -> dict[str, Any]:
        assert self._reader is not None
        try:
            head = await self._reader.readexactly(4)
            body = await self._reader.readexactly(struct.unpack(">I", head)[0])
        except (asyncio.IncompleteReadError, OSError):
            await self.stop()
            raise WorkerGone("The model's process ended.") from None
        said = json.loads(body)
        assert isinstance(said, dict)
        return said


def _environment() -> dict[str, str]:
    """What the worker sees: enough to run and to find its temporary folder, no credentials."""
    kept = {"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "OMP_NUM_THREADS"}
    given = {name: value for name, value in os.environ.items() if name in kept}
    return given | {"MLFLOW_DISABLE_TELEMETRY": "true"}
