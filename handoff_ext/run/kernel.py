"""Kernels: started in a folder of their own, ended with everything they started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.run.nursery import Nursery
from handoff_ext.run.preloading import Import
from handoff_ext.run.stopping import unbroken

_START_SECONDS = 300
"""Long, since a busy computer takes its time; a kernel whose process has ended is noticed at once."""
_SOCKET_NAME = 80
_GONE = 5
"""Seconds for what was killed to be gone; it is, but for what the system itself holds."""
_HASH_SEED = "0"
"""Sets are walked in the same order in every run, as the proof needs."""


class Kernel:
    """A kernel. ``manager`` and ``client`` are those of jupyter_client; ``folder`` holds its sockets and log."""

    def __init__(self, manager: AsyncKernelManager, folder: Path) -> None:
        self.manager = manager
        self.folder = folder
        self.client: Any = None
        self._killed: list[psutil.Process] = []

    @property
    def said(self) -> str:
        """The end of what the process wrote to its own standard error."""
        with contextlib.suppress(OSError):
            return (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]
        return ""

    @property
    def ended(self) -> int | None:
        """The exit code (negative: the signal) where the process is over; None while it lives."""
        process = getattr(self.manager.provisioner, "process", None)
        code = process.poll() if process else None
        return code if isinstance(code, int) else None

    def kill(self) -> None:
        """End the kernel and all it started, now."""
        family = self._family()
        self._killed += family[:-1]
        for process in family:
            with contextlib.suppress(psutil.Error):
                process.kill()

    async def stop(self, now: bool = False) -> None:
        """End the kernel and all it started; it may finish what it does at exit unless ``now``. Not to be cancelled."""
        await unbroken(self._stop(now))

    async def _stop(self, now: bool) -> None:
        family = self._family()
        try:
            if now:
                self.kill()
            if self.client is not None:
                self.client.stop_channels()
            await self.manager.shutdown_kernel(now=now)
        finally:
            for process in family:
                with contextlib.suppress(psutil.Error):
                    process.kill()
            # A killed process is there until the system gets to it; the kernel itself is the manager's to wait for.
            # Whoever was killed before, by ``kill``, is no longer found through the kernel.
            await asyncio.to_thread(psutil.wait_procs, {*family[:-1], *self._killed}, timeout=_GONE)
            shutil.rmtree(self.folder, ignore_errors=True)

    def _family(self) -> list[psutil.Process]:
        pid = getattr(self.manager.provisioner, "pid", None)
        if pid is None:
            return []
        try:
            kernel = psutil.Process(pid)
            return [*kernel.children(recursive=True), kernel]
        except psutil.Error:
            return []


def writes_files(kernel: Kernel) -> bool:
    """Whether the kernel holds files open for writing, which it may complete only when it ends."""
    try:
        files = psutil.Process(getattr(kernel.manager.provisioner, "pid", -1)).open_files()
        writing = [file.path for file in files if set(getattr(file, "mode", "w")) & set("wa+")]
        return any(not path.startswith(str(kernel.folder)) and "history.sqlite" not in path for path in writing)
    except (psutil.Error, ValueError):
        return True


def check_kernel(name: str) -> list[str]:
    """The command that starts the kernel.

    Raises:
        HandoffError: there is no such kernel, or its Python is gone.
    """
    specs = KernelSpecManager()
    try:
        command: list[str] = specs.get_kernel_spec(name).argv
    except NoSuchKernel:
        known = ", ".join(sorted(specs.find_kernel_specs())) or "none"
        raise HandoffError(
            f"There is no kernel named {name} here.", f"Known kernels: {known}. Choose one with --kernel."
        ) from None
    if command and Path(command[0]).is_absolute() and not Path(command[0]).exists():
        raise HandoffError(f"Kernel {name} names a Python that is gone: {command[0]}.", "Install the kernel again.")
    return command


async def start_kernel(
    name: str,
    folder: Path,
    environment: Mapping[str, str],
    nursery: Nursery | None = None,
    imports: Sequence[Import] = (),
) -> Kernel:
    """Start a kernel whose working folder is ``folder``; ``environment`` are variables it gets besides ours.

    Where there is a ``nursery``, it is forked there, with ``imports`` done.

    Raises:
        HandoffError: it does not start.
    """
    kernel = Kernel(AsyncKernelManager(kernel_name=name), Path(tempfile.mkdtemp(prefix="handoff-kernel-")))
    variables = {"PYTHONHASHSEED": _HASH_SEED, **os.environ, **environment}
    if sys.platform != "win32" and len(str(kernel.folder)) < _SOCKET_NAME:
        # Sockets in a folder of our own: not open to other users, and no port can be taken twice.
        kernel.manager.transport, kernel.manager.ip = "ipc", str(kernel.folder / "k")
    if nursery is not None:
        nursery.tend(kernel.manager, imports)
    try:
        with (kernel.folder / "log").open("wb") as log:
            launch = kernel.manager.start_kernel(cwd=str(folder), env=variables, stdout=log, stderr=log)
            await unbroken(launch)  # A process half launched could not be ended.
        kernel.client = kernel.manager.client()
        kernel.client.start_channels()
        await kernel.client.wait_for_ready(timeout=_START_SECONDS)
    except (RuntimeError, OSError) as error:
        why, lives = kernel.said.strip().rpartition("\n")[2], kernel.client is not None and kernel.ended is None
        await kernel.stop(now=True)
        if lives:
            raise HandoffError(
                f"Kernel {name} did not answer within {_START_SECONDS} seconds.", "The computer may be busy: try again."
            ) from error
        raise HandoffError(
            f"Kernel {name} did not start{f': {why[:120]}' if why else ''}.",
            "Its environment may lack ipykernel: pip install ipykernel.",
        ) from error
    except asyncio.CancelledError:
        await kernel.stop(now=True)
        raise
    kernel.client.allow_stdin = False
    return kernel
