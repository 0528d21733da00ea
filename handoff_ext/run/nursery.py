"""Kernels forked from one process of their environment that has loaded Python, IPython and large libraries already.

Each is a process of its own, as fresh as one that was started: with its own random numbers, variables and log. Where
this cannot be (another system, another kind of kernel, imports that do more than load), kernels start as always.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from handoff_ext.run.preloading import Import
from handoff_ext.run.stopping import unbroken

_PYTHON = re.compile(r"python(\d(\.\d+)?)?$")
_PASSED_ON = re.compile(r"-X\w+(=\w+)?$|-[EsI]$")
_OWN = {"JPY_PARENT_PID", "JPY_SESSION_NAME"}
"""Variables that differ from kernel to kernel; Jupyter sets them."""


class Nursery:
    """Forks kernels, once one has been asked for; ``imports`` are done in it meanwhile."""

    def __init__(self, imports: Sequence[Import]) -> None:
        self._imports = list(imports)
        self._process: subprocess.Popen[str] | None = None
        self._for: tuple[list[str], dict[str, str], str] | None = None
        self._turn = asyncio.Lock()
        self._closed = not sys.platform.startswith("linux")

    def tend(self, manager: AsyncKernelManager, imports: Sequence[Import]) -> None:
        """Have the manager's kernel forked here, where that can be, once it may use what ``imports`` names."""
        if not self._closed:
            manager.kernel_id = str(uuid.uuid4())
            provisioner = _Provisioner(kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager)
            provisioner.nursery, provisioner.imports = self, list(imports)
            manager.provisioner = provisioner

    async def fork(
        self, command: Sequence[str], variables: Mapping[str, str], cwd: str, log: Path, imports: Sequence[Import]
    ) -> Forked | None:
        """A kernel as ``command`` starts it; None where it has to be started that way."""
        split = _split(command)
        if split is None or self._closed:
            return None
        python, arguments = split
        common = {name: value for name, value in variables.items() if name not in _OWN}
        async with self._turn:
            if self._for is None:
                self._for = python, common, cwd
                self._process = await asyncio.to_thread(self._start)
            if self._for != (python, common, cwd) or self._process is None:
                return None
            ended = log.with_name("ended")
            request = {
                "arguments": arguments,
                "imports": imports,
                "env": dict(variables),
                "cwd": cwd,
                "log": str(log),
                "ended": str(ended),
            }
            pid = await asyncio.to_thread(self._ask, json.dumps(request))
            return Forked(pid, ended, self._process) if pid else None

    async def close(self) -> None:
        """End it; kernels end with it."""
        self._closed = True
        async with self._turn:
            if self._process is not None:
                await unbroken(asyncio.to_thread(self._end, self._process))

    def _start(self) -> subprocess.Popen[str] | None:
        assert self._for is not None
        python, variables, cwd = self._for
        text = (Path(__file__).parent / "inside" / "nursery.py").read_text(encoding="utf-8")
        try:
            return subprocess.Popen(
                [*python, "-c", text, json.dumps(self._imports)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                cwd=cwd, env=variables, start_new_session=True, text=True, encoding="utf-8",
            )  # fmt: skip
        except OSError:
            return None

    def _ask(self, request: str) -> int:
        """The process of the kernel; 0 where there is none to be had."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(request + "\n")
            self._process.stdin.flush()
            return int(json.loads(self._process.stdout.readline())["pid"])
        except (OSError, ValueError):
            return 0

    @staticmethod
    def _end(process: subprocess.Popen[str]) -> None:
        process.kill()
        with contextlib.suppress(OSError):
            process.communicate()


class Forked:
    """The process of a forked kernel, as far as Jupyter's managers need one."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, ended: Path, nursery: subprocess.Popen[str]) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = ended
        self._nursery = nursery

    def poll(self) -> int | None:
        """The exit code (negative: the signal) where it is over; None while it lives."""
        if self.returncode is None and not self._lives():
            try:
                self.returncode = int(self._ended.read_text())
            except (OSError, ValueError):
                self.returncode = -int(signal.SIGKILL)  # Its nursery was ended too, before it could say more.
        return self.returncode

    def wait(self) -> int | None:
        """The exit code; only asked once it is over."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it, now."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def _lives(self) -> bool:
        if self._ended.exists():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


class _Provisioner(LocalProvisioner):
    """Jupyter's own, but that the process comes from a nursery where it can."""

    nursery: Nursery
    imports: Sequence[Import]

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel."""
        log = Path(kwargs["stdout"].name)
        forked = await self.nursery.fork(cmd, kwargs["env"], kwargs["cwd"], log, self.imports)
        if forked is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = forked  # type: ignore[assignment]
        self.pid = self.pgid = forked.pid
        self.cwd = kwargs["cwd"]
        return self.connection_info


def _split(command: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """The interpreter with its options, and the kernel's arguments, where the command starts an IPython kernel."""
    if not command or not _PYTHON.match(Path(command[0]).name):
        return None
    for at, word in enumerate(command[1:], 1):
        if word == "-m" and command[at + 1 : at + 2] in (["ipykernel_launcher"], ["ipykernel"]):
            return list(command[:at]), list(command[at + 2 :])
        if not _PASSED_ON.match(word):
            return None
    return None
