"""The process that kernels of one run are forked from, so that Python, IPython and large libraries load once.

Runs in the kernels' environment (Python 3.8 and up, standard library only), as text: ``python -c TEXT IMPORTS``, where
``IMPORTS`` is JSON, ``[[module, [names taken from it]], ...]``. They are imported while nothing is asked. A line of
JSON on its input asks for one kernel; the answer is a line with the kernel's process. Each kernel is a process of its
own, started by ``ipykernel_launcher`` as always, with its own random numbers. It ends with its input, and with it all
kernels.

Where an import fails or says something, it ends: then it matters which stage imports.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib
import io
import json
import os
import runpy
import select
import signal
import sys
from typing import Any


def serve(imports: list[list[Any]]) -> dict[str, Any] | None:
    """Fork kernels until the input ends; returns only in a kernel, with what was asked for it."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    woken, wake = os.pipe()
    for end in (woken, wake):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    kernels: dict[int, str] = {}
    asked = b""
    while True:
        ready = select.select([0, woken], [], [], 0 if imports else None)[0]
        if woken in ready:
            os.read(woken, 1000)
            bury(kernels)
        if 0 in ready:
            more = os.read(0, 65536)
            if not more:
                for pid in kernels:
                    os.kill(pid, signal.SIGKILL)
                sys.exit(0)
            asked += more
            while b"\n" in asked:
                line, _, asked = asked.partition(b"\n")
                request = json.loads(line)
                for wanted in [each for each in imports if each in request["imports"]]:
                    imports.remove(wanted)
                    load(*wanted)
                gc.freeze()  # What is loaded stays: kernels need not look through it, nor copy it by that.
                pid = os.fork()
                if pid == 0:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    for end in (woken, wake, answers.fileno()):
                        os.close(end)
                    return dict(request)
                kernels[pid] = request["ended"]
                answers.write(json.dumps({"pid": pid}) + "\n")
                answers.flush()
        elif imports:
            load(*imports.pop(0))


def bury(kernels: dict[int, str]) -> None:
    """Write down how kernels ended before the system forgets them."""
    for pid, file in list(kernels.items()):
        info = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if info is None:
            continue
        code = info.si_status if info.si_code == os.CLD_EXITED else -info.si_status
        try:
            with open(file + ".part", "w") as written:
                written.write(str(code))
            os.replace(file + ".part", file)
        except OSError:
            pass  # Nobody waits for it any more.
        os.waitpid(pid, 0)
        del kernels[pid]


class Said(io.StringIO):
    """What an import prints, into a stream like a kernel's own."""

    encoding = "UTF-8"


class Shell:
    """What ``get_ipython()`` gives while a module is imported: by its ``kernel``, pandas knows that it is in a notebook
    and not in a terminal, and shows tables otherwise."""

    kernel = True


def load(module: str, names: list[str]) -> None:
    """Import as a kernel would, which finds modules beside the notebook only after Python's own."""
    streams = sys.stdout, sys.stderr
    said = sys.stdout = sys.stderr = Said()
    place = next((i for i, path in enumerate(sys.path) if path.endswith("-packages")), len(sys.path))
    sys.path.insert(place, "")
    builtins.get_ipython = Shell  # type: ignore[attr-defined]
    try:
        __import__(module, fromlist=names)
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]
        sys.path.remove("")
        sys.stdout, sys.stderr = streams
    if said.getvalue():
        sys.exit(module + " is not silent")


def become(request: dict[str, Any]) -> None:
    """Leave all that a new process has of its own as a new process has it."""
    os.setsid()
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(request["log"], os.O_WRONLY | os.O_APPEND)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.close(nothing)
    os.close(log)
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()  # ``random`` does this by itself.
    sys.path.insert(0, "")
    sys.argv = ["ipykernel_launcher", *request["arguments"]]


KERNEL = ("ipykernel.ipkernel", "ipykernel.kernelapp", "ipykernel.debugger", "IPython.extensions.storemagic")
"""What each kernel loads when it starts."""


if __name__ == "__main__":
    sys.path.remove("")
    for name in KERNEL:
        with contextlib.suppress(ImportError):  # Other versions have other modules.
            importlib.import_module(name)
    asked = serve(json.loads(sys.argv[1]))
    assert asked is not None
    become(asked)
    del asked
    runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)
