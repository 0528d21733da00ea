"""One job's process, in a process group of its own: started, listened to, ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

import psutil

Hear = Callable[[list[str]], list[str]]
_OUTPUT_CAP = 20_000_000
_LINES_KEPT = 200
_LAST_WORDS = 2.0


class JobProcess:
    """A running command.

    Lines of its standard error go to ``hear`` in the batches in which they arrive; the last of those it gives back are
    ``said``. Values of ``variables`` are struck out of whatever it prints.
    """

    def __init__(self, process: asyncio.subprocess.Process, output: BinaryIO, secrets: list[str], hear: Hear) -> None:
        self._process = process
        self._output = output
        self._secrets = secrets
        self._hear = hear
        self._listening: asyncio.Task[None] | None = None
        self.said: list[str] = []

    @classmethod
    async def start(cls, argv: list[str], folder: Path, variables: Mapping[str, str], hear: Hear) -> JobProcess:
        """Start ``argv`` in ``folder``, with ``variables`` added to the environment. Raises ``OSError``."""
        output = tempfile.TemporaryFile()  # noqa: SIM115  closed when the process has ended
        reading, writing = os.pipe()
        # asyncio's own pipes would let wait() last until every kernel that inherited them has ended
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                cwd=folder,
                env={**os.environ, **variables},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=writing,
                start_new_session=True,
            )
        except BaseException:
            os.close(reading)
            output.close()
            raise
        finally:
            os.close(writing)
        started = cls(process, output, [value for value in variables.values() if len(value) > 3], hear)
        started._listening = asyncio.create_task(started._listen(reading))
        return started

    @property
    def pid(self) -> int:
        """The process's id, which is its group's too."""
        return self._process.pid

    async def finished(self) -> tuple[int, str]:
        """Exit code and standard output, once it has ended; what it left in its group ends too."""
        code = await self._process.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        assert self._listening is not None
        await asyncio.wait([self._listening], timeout=_LAST_WORDS)
        self._listening.cancel()
        with self._output as output:
            output.seek(0)
            return code, self._clean(output.read(_OUTPUT_CAP))

    async def end(self, patience: float) -> None:
        """Ask it to end; after ``patience`` seconds make it, with all that it started."""
        family = _family(self.pid)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), patience)
        except TimeoutError:
            family += _family(self.pid)
        for process in family:
            with contextlib.suppress(psutil.Error):
                process.kill()  # psutil looks whether it is still the same process
        await self._process.wait()

    async def _listen(self, reading: int) -> None:
        reader = asyncio.StreamReader()
        pipe = os.fdopen(reading, "rb", buffering=0)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        rest = b""
        try:
            while chunk := await reader.read(1 << 16):
                *lines, rest = (rest + chunk).split(b"\n")
                self._take(lines)
            self._take([rest])
        finally:
            transport.close()

    def _take(self, lines: list[bytes]) -> None:
        texts = [self._clean(line) for line in lines if line.strip()]
        if texts:
            self.said = [*self.said, *self._hear(texts)][-_LINES_KEPT:]

    def _clean(self, data: bytes) -> str:
        text = data.decode(errors="replace")
        for secret in self._secrets:
            text = text.replace(secret, "[removed]")
        return text


def kill_family(pid: int) -> None:
    """End a process with all that it started, at once."""
    for process in _family(pid):
        with contextlib.suppress(psutil.Error):
            process.kill()


def _family(pid: int) -> list[psutil.Process]:
    """The process and all its descendants, also those with a group of their own, such as kernels."""
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []
