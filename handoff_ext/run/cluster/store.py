"""Where stages on several machines leave their files: a shared folder, or a store that fsspec knows (s3, gs, abfs)."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from handoff_ext.contracts.errors import HandoffError


class Store:
    """A folder at ``address``, a path or a URL. Names in it use ``/``."""

    def __init__(self, address: str) -> None:
        import fsspec

        try:
            self._files: Any
            self._files, self._root = fsspec.core.url_to_fs(address)
        except (ValueError, ImportError) as error:
            raise HandoffError(f"{address.partition(':')[0]}: cannot be written to: {error}.") from error

    def put(self, source: Path, name: str) -> None:
        """Copy a file or folder in: under another name first, so that nobody sees half of it."""
        target, aside = self._path(name), self._path(f".{uuid.uuid4().hex}")
        self._files.makedirs(target.rpartition("/")[0], exist_ok=True)
        if source.is_dir():
            for path in sorted(each for each in source.rglob("*") if each.is_file()):
                self.put(path, f"{name}/{path.relative_to(source).as_posix()}")
            return
        try:
            self._files.put_file(str(source), aside)
            self._files.mv(aside, target)
        except BaseException:
            if self._files.exists(aside):
                self._files.rm(aside)
            raise

    def get(self, name: str, target: Path) -> bool:
        """Copy a file or folder out; false where there is none."""
        path = self._path(name)
        if not self._files.exists(path):
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        if self._files.isdir(path):
            self._files.get(path.rstrip("/") + "/", str(target) + "/", recursive=True)
        else:
            self._files.get_file(path, str(target))
        return True

    def has(self, name: str) -> bool:
        """Whether there is a file of that name now."""
        self._files.invalidate_cache()
        return bool(self._files.exists(self._path(name)))

    def mark(self, name: str) -> None:
        """Make an empty file."""
        self._files.makedirs(self._root, exist_ok=True)
        self._files.pipe_file(self._path(name), b"")

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""
        if self._files.exists(self._path(name)):
            self._files.rm(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"


def is_address(place: str) -> bool:
    """Whether this is a URL and no path of this computer."""
    return "://" in place
