"""Writes predictions to a journal: beside the event loop, bounded, at most half a second behind."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from handoff_ext.ledger.lines import line

BEHIND = 0.5
SEGMENT_ROWS = 50_000
SEGMENT_SECONDS = 3600.0
PENDING_ROWS = 100_000
log = logging.getLogger(__name__)


class Journal:
    """Append-only records of one version's answers, in files of their own below ``folder``.

    A file's first line says model, version and the inputs' kinds. A file is locked while it is written, so that others
    know it as alive; one whose writer died is sealed by whoever comes next.

    Args:
        folder: where open files lie; made on the first record.
        head: model, version, columns.
        full: told, beside the event loop, when a file is complete and may be sealed.
    """

    def __init__(self, folder: Path, head: Mapping[str, Any], full: Callable[[], None] = lambda: None) -> None:
        self.lost = 0
        self._folder = folder
        self._head = {"format": 1, **head}
        self._full = full
        self._pending: list[tuple[int, dict[str, Any]]] = []
        self._rows = 0
        self._wake = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._file: IO[bytes] | None = None
        self._written, self._begun = 0, 0.0

    @property
    def has_room(self) -> bool:
        """Whether the writer keeps up."""
        return self._rows < PENDING_ROWS

    def append(self, record: dict[str, Any], rows: int) -> bool:
        """Take one record of ``rows`` rows, to be written soon; False where too much waits, and it was not taken."""
        with self._wake:
            if not self.has_room or self._stopping:
                self.lost += rows
                return False
            self._pending.append((rows, record))
            self._rows += rows
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="handoff-journal", daemon=True)
                self._thread.start()
        return True

    def close(self) -> None:
        """Write all that waits; nothing is lost."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._wake:
                if not self._stopping:
                    self._wake.wait(BEHIND)
                taken, stopping = self._pending, self._stopping
                self._pending = []
            if taken:
                self._write(taken)
            if self._file and (stopping or self._complete()):
                self._end(stopping)
            if stopping:
                return

    def _write(self, taken: list[tuple[int, dict[str, Any]]]) -> None:
        rows = sum(count for count, _ in taken)
        try:
            file = self._file or self._begin()
            file.write(b"".join(line(record) for _, record in taken))
            file.flush()
            os.fsync(file.fileno())
            self._written += rows
        except (OSError, ValueError) as error:
            # The answers have been given; that they are not on record must be seen.
            log.error("%d answers could not be logged (%s).", rows, type(error).__name__)
            self.lost += rows
        with self._wake:
            self._rows -= rows

    def _begin(self) -> IO[bytes]:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{uuid.uuid4().hex[:12]}.journal"
        file = (self._folder / name).open("ab")
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(line(self._head))
        self._file, self._written, self._begun = file, 0, time.monotonic()
        return file

    def _complete(self) -> bool:
        return self._written >= SEGMENT_ROWS or time.monotonic() - self._begun >= SEGMENT_SECONDS

    def _end(self, stopping: bool) -> None:
        assert self._file
        self._file.close()
        self._file = None
        if not stopping:
            self._full()
