"""A copy of the notebook's surroundings, so that running the notebook cannot touch what it was made from."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

_LEFT_OUT = {".git", "node_modules", "__pycache__", ".ipynb_checkpoints", "mlruns", "mlartifacts", ".handoff"}
_SMALL = 64 * 2**20
_COPIED_BYTES = 4 * 2**30
_COPIED_FILES = 20_000
_UP = 2


@dataclass(slots=True)
class _Copier:
    """Small files are copied, and large ones that the notebook names, until it becomes too much; the rest is linked to,
    for reading."""

    named: frozenset[str]
    left_out: Path
    files: int = field(default=_COPIED_FILES)
    bytes: int = field(default=_COPIED_BYTES)

    def copy(self, source: Path, target: Path) -> None:
        """Copy a folder's content into ``target``, which is made."""
        target.mkdir(parents=True, exist_ok=True)
        for path in _entries(source):
            if path.name in _LEFT_OUT or path == self.left_out or (path / "pyvenv.cfg").exists():
                continue
            if path.is_dir() and not path.is_symlink() and self.files > 0:
                self.copy(path, target / path.name)
            else:
                self.entry(path, target / path.name)

    def entry(self, path: Path, target: Path) -> None:
        """Copy one file, or link to it."""
        try:
            size = path.stat().st_size if path.is_file() else self.bytes + 1
            if self.files > 0 and size <= self.bytes and (size <= _SMALL or path.name in self.named):
                self.files -= 1
                self.bytes -= size
                shutil.copy2(path, target)
            else:
                target.symlink_to(path.resolve())
        except OSError:
            return  # What cannot be read here, the notebook could not read either.


def mirror(folder: Path, into: Path, sources: Iterable[str], left_out: Path) -> Path:
    """Copy ``folder`` below ``into``; what lies beside and above it can be reached as before (``../data``).

    Args:
        folder: the notebook's folder.
        into: an empty folder.
        sources: the notebook's code: files it names are copied whatever their size, here and above.
        left_out: a folder that is not copied (the pipeline).

    Returns:
        The copy of ``folder``.
    """
    folder = folder.resolve()
    code = "\n".join(sources)
    copier = _Copier(frozenset(re.findall(r"[^\s'\"/\\]+", code)), left_out.resolve())
    named = set(re.findall(r"\.\./([^\s'\"/\\]+)", code))
    above = [*reversed(folder.parents[:_UP])]
    target = into
    for upper, inner in zip(above, [*above[1:], folder], strict=True):
        for path in _entries(upper):
            if path == inner or path.name in _LEFT_OUT:
                continue
            if path.name in named and path.is_dir():
                copier.copy(path, target / path.name)
            elif path.name in named:
                copier.entry(path, target / path.name)
            else:
                (target / path.name).symlink_to(path)
        target = target / (inner.name or "root")
        target.mkdir()
    copier.copy(folder, target)
    return target


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
