"""Paths from outside, confined to the folder that the server serves."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from handoff_ext.contracts.errors import NotFound


def confined(root: Path, path: str) -> Path:
    """The real path of ``path``, which is relative to the server's root.

    Raises ``NotFound`` where it is absolute, climbs with ``..``, or leads out of the root through a link.
    """
    parts = PurePosixPath(path).parts
    windows = PureWindowsPath(path)
    if not parts or ".." in parts or ".." in windows.parts or path.startswith("/") or windows.drive or "\0" in path:
        raise _outside(path)
    base = root.resolve()
    try:
        real = (base / path).resolve()
    except (OSError, RuntimeError):  # a loop of links
        raise _outside(path) from None
    if not real.is_relative_to(base):
        raise _outside(path)
    return real


def relative(root: Path, path: Path) -> str:
    """``path`` as the sidebar names it: relative to the server's root, or empty where it lies outside."""
    base, real = root.resolve(), path.resolve()
    return real.relative_to(base).as_posix() if real.is_relative_to(base) else ""


def _outside(path: str) -> NotFound:
    name = PurePosixPath(path).name[:60]
    return NotFound(f"{name or 'The path'} is not in the folder that Jupyter serves.", "Open it from the file browser.")
