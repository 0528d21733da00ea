"""Where the same file lies for everybody: beside the notebook, or in a ``data`` folder near it."""

from __future__ import annotations

import os
import re
from itertools import islice
from pathlib import Path

_DEEPEST = 4


def locate(text: str, folder: Path, bases: list[str]) -> str | None:
    """The file or folder that ``text`` names on one computer, as a relative path from the notebook's folder.

    Longer common endings win: ``raw/x.csv`` before ``x.csv``. Looks beside the notebook, in ``data`` there, and in one
    and two folders above: in ``bases_near(folder)``. A pattern (``*.csv``) is looked for by its folder.
    """
    parts = [part for part in re.split(r"[\\/]+", text) if part and part not in (".", "..")]
    pattern: list[str] = []
    while parts and any(mark in parts[-1] for mark in "*?["):
        pattern.insert(0, parts.pop())
    if parts and re.fullmatch(r"[A-Za-z]:|~[\w.-]*", parts[0]):
        parts = parts[1:]
    if not parts:
        return None
    for length in range(min(_DEEPEST, len(parts)), 0, -1):
        tail = os.path.join(*parts[-length:])  # noqa: PTH118
        for base in bases:
            if _exists(os.path.join(base, tail)):  # noqa: PTH118
                found = os.path.relpath(os.path.join(base, tail), folder)  # noqa: PTH118
                return Path(found, *pattern).as_posix()
    return None


def differs(text: str, found: str, folder: Path) -> bool:
    """Whether what the path names is here on this computer, and is not the same as what was found: another size, or for
    a folder, files that the other has not."""
    try:
        original, other = Path(text).expanduser(), folder / found
        if original.is_file():
            return original.stat().st_size != other.stat().st_size
        return original.is_dir() and any(
            not (other / each.name).exists()
            or (each.is_file() and each.stat().st_size != (other / each.name).stat().st_size)
            for each in islice(original.iterdir(), 1000)
        )
    except (OSError, ValueError, RuntimeError):
        return False


def bases_near(folder: Path) -> list[str]:
    """The folders in which files may lie for everybody."""
    above = [str(folder), *[str(each) for each in folder.parents[:2]]]
    bases = [base for each in above for base in (each, os.path.join(each, "data"))]  # noqa: PTH118
    return [base for base in bases if _exists(base)]


def _exists(path: str) -> bool:
    try:
        return os.path.exists(path)  # noqa: PTH110
    except (OSError, ValueError):
        return False
