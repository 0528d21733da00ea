"""Notes which files a kernel opens and whether it reaches out, so that a stage is repeated when these change.

Runs inside a notebook's kernel (Python 3.8 and up, standard library only), as text. Audit hooks (PEP 578) see what
Python opens; ``inside/probe.py`` reads the notes at the end.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import sys
import time
import types
from typing import Any

HARMLESS = {"lscpu", "uname", "ldconfig", "nproc", "sysctl", "gcc", "cc", "ld", "objdump", "fc-list"}
"""Programs that libraries ask about the machine."""


def main(request: dict[str, Any]) -> None:
    """Begin to note."""
    notes = types.ModuleType("_handoff_notes")
    opened, listed, reached = set(), set(), set()  # type: set[str], set[str], set[str]
    vars(notes).update(opened=opened, listed=listed, reached=reached, began=time.time())
    sys.modules[notes.__name__] = notes
    sys.addaudithook(hook(opened, listed, reached, os.getpid()))
    with open(request["answer"], "w", encoding="utf-8") as file:
        json.dump(None, file)


def hook(opened: set[str], listed: set[str], reached: set[str], process: int) -> Any:
    """An audit hook that fills these sets, in this process only."""
    fspath, getpid, join, getcwd, basename = os.fspath, os.getpid, os.path.join, os.getcwd, os.path.basename

    def place(path: Any) -> str:
        path = fspath(path)
        return join(getcwd(), path.decode("utf-8", "replace") if isinstance(path, bytes) else path)

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in WATCHED or getpid() != process:
            return
        try:
            first = arguments[0]
            if event in ("open", "sqlite3.connect"):
                if not isinstance(first, int) and first is not None:
                    opened.add(place(first))
            elif event in ("os.listdir", "os.scandir"):
                asking = sys._getframe(1).f_code.co_filename
                if not isinstance(first, int) and not asking.startswith(IMPORTING):
                    listed.add(place("." if first is None else first))
            elif event == "socket.connect":
                address = arguments[1]
                if isinstance(address, tuple) and not str(address[0]).startswith(("127.", "localhost", "::1")):
                    reached.add("network")
            elif event == "subprocess.Popen":
                program = first if first else arguments[1][0]
                if basename(str(program)) not in HARMLESS:
                    reached.add("program")
            elif basename(str(first)) not in HARMLESS:
                reached.add("program")
        except Exception:
            reached.add("unknown")

    return note


# Python's own search for modules and distributions goes through every folder of its path.
IMPORTING = ("<frozen importlib", importlib.metadata.__file__)
WATCHED = {
    "open",
    "sqlite3.connect",
    "os.listdir",
    "os.scandir",
    "socket.connect",
    "subprocess.Popen",
    "os.system",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
}
