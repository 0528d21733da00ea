"""Whether files are as they were: content by SHA-256, looked at again only where size or time changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel

_ENTRIES = 5000
_OURS = {"run", "evidence", "__pycache__", ".ipynb_checkpoints"}
_known: dict[tuple[str, int, int], str] = {}


class Signature(BaseModel):
    """What a path was: ``sha256`` is empty where there was nothing, or the state of a folder's entries."""

    sha256: str = ""
    size: int = 0
    time: int = 0


def signature(path: Path) -> Signature:
    """The state of a file or folder now."""
    try:
        there = path.stat()
        if path.is_dir():
            return Signature(sha256=_folder(path))
        if not path.is_file():
            return Signature(sha256="special")
        return Signature(sha256=digest(path), size=there.st_size, time=there.st_mtime_ns)
    except OSError:
        return Signature()


def digest(path: Path) -> str:
    """``sha256:...`` of a file's content. Raises ``OSError``."""
    there = path.stat()
    key = (str(path), there.st_size, there.st_mtime_ns)
    if key not in _known:
        with path.open("rb") as file:
            _known[key] = "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
    return _known[key]


def unchanged(signatures: dict[str, Signature]) -> bool:
    """Whether all these paths are as they were."""
    return all(_same(Path(path), before) for path, before in signatures.items())


def listing(path: Path) -> Signature:
    """The names in a folder."""
    try:
        names = sorted({entry.name for entry in path.iterdir()} - _OURS)
    except OSError:
        return Signature()
    return Signature(sha256="names:" + hashlib.sha256("\0".join(names).encode()).hexdigest())


def _same(path: Path, before: Signature) -> bool:
    if before.sha256.startswith("names:"):
        return listing(path) == before
    try:
        there = path.stat()
        if before.time and (there.st_size, there.st_mtime_ns) == (before.size, before.time):
            return True
    except OSError:
        return before == Signature()
    return signature(path).sha256 == before.sha256


def _folder(path: Path) -> str:
    whole = hashlib.sha256()
    count = 0
    for folder, folders, files in os.walk(path):
        folders.sort()
        for name in sorted(files):
            count += 1
            if count > _ENTRIES:
                return f"folder:{os.urandom(16).hex()}"  # Too much to look at each time: never the same.
            there = Path(folder, name)
            try:
                state = there.stat()
            except OSError:
                continue
            whole.update(f"{there.relative_to(path)}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
    return f"folder:{whole.hexdigest()}"


def signatures(whole: Iterable[Path], listed: Iterable[Path]) -> dict[str, Signature]:
    """The state of files and folders now; of folders in ``listed``, only the names in them."""
    found = {str(path): signature(path) for path in sorted(whole)}
    return {**found, **{str(path): listing(path) for path in sorted(listed)}}
