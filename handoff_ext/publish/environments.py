"""Virtual environments made from an exact package list, one a list, kept in the user's cache."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handoff_ext.contracts.errors import HandoffError


def cache_folder() -> Path:
    """Where environments and downloaded versions are kept: ``$HANDOFF_CACHE``, else the user's cache folder."""
    given = os.environ.get("HANDOFF_CACHE")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "handoff-ext"


def environment(lock: Path, python: str = "") -> Path:
    """The interpreter of a virtual environment that holds exactly what ``lock`` lists.

    Made by uv with ``--require-hashes`` on first use, beside its final place and then renamed; later calls, and other
    processes that want it at the same time, get the same one.

    Args:
        lock: a requirements file in which every line is pinned and hashed; wheels may be named relative to its folder.
        python: the version to use (``3.11`` or ``3.11.9``); empty: the one that runs this.

    Raises:
        HandoffError: the list cannot be read or installed, or that Python is not there.
    """
    try:
        text = lock.read_bytes()
    except OSError as error:
        raise HandoffError(f"The exact package list {lock.name} cannot be read.", "Publish the model again.") from error
    minor = ".".join((python or platform.python_version()).split(".")[:2])
    key = hashlib.sha256(b"\0".join([text, minor.encode(), sys.platform.encode(), platform.machine().encode()]))
    folder = cache_folder() / "envs" / key.hexdigest()[:20]
    interpreter = folder / "bin" / "python"
    if interpreter.exists():
        return interpreter
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _only_one(folder.with_suffix(".lock")):
        if not interpreter.exists():
            aside = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
            try:
                _build(aside, lock, minor)
                aside.rename(folder)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
    return interpreter


def _build(folder: Path, lock: Path, minor: str) -> None:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    python = sys.executable if minor == here else minor
    # Relocatable: console scripts keep working after the rename.
    _uv(["venv", "--quiet", "--allow-existing", "--relocatable", "--python", python, str(folder)], folder)
    install = ["pip", "install", "--quiet", "--require-hashes", "--python", str(folder / "bin" / "python")]
    _uv([*install, "-r", str(lock.resolve())], lock.parent)


def _uv(arguments: list[str], folder: Path) -> None:
    from uv import find_uv_bin

    variables = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    done = subprocess.run(
        [find_uv_bin(), *arguments], cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = [line.strip(" ╰─▶│├\u00d7") for line in done.stderr.splitlines() if line.strip()]
        said = " ".join(lines)[:300] or f"uv ended with {done.returncode}."
        raise HandoffError(f"The exact package list could not be installed: {said}", "See that the index is reachable.")


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Hold a lock on a file; the system lets go of it even when the process is killed."""
    import fcntl

    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
