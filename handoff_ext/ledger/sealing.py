"""Turns complete journals into parquet segments, ``LOG/MODEL/VERSION/DATE/NAME.parquet``, on whatever fsspec reaches.

Run as ``python -m handoff_ext.ledger.sealing JOURNALS LOG`` by the gateway, which would carry Arrow for nothing.
Sealing twice gives the same file, so a kill between writing and removing loses and doubles nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import re
import sys
from pathlib import Path
from typing import Any

from handoff_ext.ledger.tables import head_of, table_of


def seal_all(journals: Path, log: str) -> int:
    """Seal every journal whose writer is done or dead; how many."""
    return sum(seal(journal, log) for journal in sorted(journals.glob("*.journal"))) if journals.is_dir() else 0


def seal(journal: Path, log: str) -> bool:
    """Seal one journal, unless it is being written.

    Raises:
        OSError: the log cannot be written; the journal stays.
    """
    with contextlib.ExitStack() as held:
        try:
            file = held.enter_context(journal.open("rb"))
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, FileNotFoundError):
            return False
        table = table_of(journal)
        if table is not None:
            _put(table, f"{log.rstrip('/')}/{segment_of(journal)}")
        journal.unlink(missing_ok=True)
    return True


def segment_of(journal: Path) -> str:
    """Where below the log a journal's segment lies."""
    head = head_of(journal) or {}
    name = journal.name
    day = f"{name[:4]}-{name[4:6]}-{name[6:8]}"
    return f"{folder_of(str(head.get('model')))}/{head.get('version')}/{day}/{journal.stem}.parquet"


def folder_of(model: str) -> str:
    """A model's name as the name of a folder."""
    return re.sub(r"[^\w.-]", "_", model)


def _put(table: Any, target: str) -> None:
    import fsspec
    from pyarrow import parquet

    content = io.BytesIO()
    parquet.write_table(table, content, compression="zstd")
    files, path = fsspec.core.url_to_fs(target)
    if "file" in (files.protocol if isinstance(files.protocol, tuple) else (files.protocol,)):
        place = Path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        aside = place.with_suffix(".part")
        aside.write_bytes(content.getvalue())
        aside.replace(place)
    else:  # a put of an object store is whole or not at all
        files.makedirs(path.rpartition("/")[0], exist_ok=True)
        files.pipe_file(path, content.getvalue())


if __name__ == "__main__":
    seal_all(Path(sys.argv[1]), sys.argv[2])
