"""The stranger's machine: another folder, an empty home, no variables of ours.

Where the system allows it, also no network and no sight of the notebook's folder.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from handoff_ext.contracts.errors import HandoffError

_LAUNCHER = Path(__file__).parent / "inside" / "apart.py"


@dataclass(frozen=True)
class Outcome:
    """How a command on the clean machine ended, and whether the folder was out of its sight."""

    code: int
    said: str
    folder_hidden: bool


def run_apart(
    command: Sequence[str],
    work: Path,
    hidden: Path | None,
    timeout: float = 900,
    extra: Mapping[str, str] | None = None,
) -> Outcome:
    """Run a command in ``work`` as on a machine that has nothing of ours but the interpreter.

    Args:
        command: the command, a Python first; its interpreter and files must not lie in ``hidden``.
        work: its folder; ``home`` (empty) and ``tmp`` are made inside.
        hidden: the folder that it must not see.
        timeout: seconds.
        extra: variables it is given besides.

    Raises:
        HandoffError: it took longer than ``timeout``.
    """
    for name in ("home", "tmp"):
        (work / name).mkdir(exist_ok=True)
    variables = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(work / "home"),
        "TMPDIR": str(work / "tmp"),
        "LANG": "C.UTF-8",
        "PYTHONNOUSERSITE": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
        "GIT_PYTHON_REFRESH": "quiet",
    }
    variables |= extra or {}
    prefix = _unshare()
    if prefix:
        launcher = work / "apart.py"
        launcher.write_text(_LAUNCHER.read_text(encoding="utf-8"), encoding="utf-8")
        command = [command[0], "-I", str(launcher), *command]
    hide = bool(prefix) and hidden is not None and _can_hide(hidden, [*command, str(work)])
    if hide:
        covered = f"mount -t tmpfs -o ro none {shlex.quote(str(hidden))} && exec {shlex.join(command)}"
        command = ["/bin/sh", "-c", covered]
    try:
        done = subprocess.run(
            [*prefix, *command], cwd=work, env=variables, capture_output=True, text=True, check=False, timeout=timeout
        )
    except subprocess.TimeoutExpired as error:
        raise HandoffError(f"The clean-machine test took longer than {timeout:.0f} seconds.", "Try again.") from error
    return Outcome(done.returncode, done.stderr, hide)


@lru_cache(maxsize=1)
def _unshare() -> tuple[str, ...]:
    """The command that gives namespaces of one's own for network and mounts; empty where the system refuses."""
    program = shutil.which("unshare")
    if not program or not sys.platform.startswith("linux"):
        return ()
    spaces = (program, "--net", "--mount", "--propagation", "private")
    for attempt in (spaces, (*spaces, "--user", "--map-root-user")):
        try:
            tried = subprocess.run([*attempt, "true"], capture_output=True, check=False, timeout=10)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if tried.returncode == 0:
            return attempt
    return ()


def _can_hide(hidden: Path, needed: Sequence[str]) -> bool:
    """Whether nothing that the command needs lies in the folder: it, its interpreter, Python's own library."""
    cover = hidden.resolve()
    if not cover.is_dir():
        return False
    paths = [path for part in needed if (path := Path(part)).is_absolute()]
    real = [path.resolve() for path in paths] + [path.parent.parent for path in paths] + [Path(sys.base_prefix)]
    return not any(path == cover or cover in path.parents for path in real)
