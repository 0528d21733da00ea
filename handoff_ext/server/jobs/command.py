"""A job's command line: the one place where it is made."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoff_ext.contracts.sidebar import JobRequest

SHIP = (sys.executable, "-P", "-m", "handoff_ext", "ship")
"""``-P``: the notebook's folder is the working folder, and a file there must not pass for a module."""
UNTIL = {"build": "extract", "test-run": "parity"}


def ship_argv(request: JobRequest, notebook: Path) -> list[str]:
    """``handoff ship`` for the saved notebook, to be run in its folder. Building ends once the steps are written, a
    test run when parity is known."""
    argv = [*SHIP, f"./{notebook.name}", "--format=json", "--progress"]
    if request.kind in UNTIL:
        argv.append(f"--until={UNTIL[request.kind]}")
    given = {
        "name": request.name,
        "tracking-uri": request.tracking_uri,
        "model": request.model or "",
        "kernel": request.kernel,
    }
    argv += [f"--{option}={value}" for option, value in given.items() if value]
    argv += [f"--{flag}" for flag in ("draft", "force") if getattr(request, flag)]
    return argv
