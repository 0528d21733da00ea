"""Reads logged predictions back, in parts that fit into memory: sealed segments, then what is still being written."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoff_ext.ledger.place import Ledger
from handoff_ext.ledger.sealing import folder_of, segment_of
from handoff_ext.ledger.tables import head_of, table_of

if TYPE_CHECKING:
    import pyarrow

PART_ROWS = 200_000


def versions_in(ledger: Ledger, model: str) -> list[str]:
    """Versions of which predictions were logged."""
    files, root = _files(ledger)
    place = f"{root}/{folder_of(model)}"
    sealed = [path.rpartition("/")[2] for path in files.ls(place, detail=False)] if files.exists(place) else []
    return sorted({*sealed, *(str(head["version"]) for _, head in _heads(ledger) if head["model"] == model)})


def predictions(
    ledger: Ledger,
    model: str,
    version: str,
    since: datetime.datetime,
    columns: Sequence[str] | None = None,
) -> Iterator[pyarrow.Table]:
    """The predictions of one version since a moment, in tables of at most 200,000 rows, unordered.

    Args:
        ledger: where they are.
        model: its name.
        version: its number, as text.
        since: with a time zone.
        columns: those wanted, as :func:`handoff_ext.ledger.tables.table_of` names them; what a segment lacks is left
            out of its tables. All where None.
    """
    from pyarrow import compute, parquet

    # A live journal is read before the segments are listed, so that one sealed meanwhile is not missed.
    alive = list(_alive(ledger, model, version))
    files, root = _files(ledger)
    sealed = sorted(files.glob(f"{root}/{folder_of(model)}/{version}/*/*.parquet"))
    first_day = (since - datetime.timedelta(days=1)).date().isoformat()
    for path in sealed:
        if path.split("/")[-2] < first_day:
            continue
        with files.open(path, "rb") as file:
            content = parquet.ParquetFile(file)
            there = [name for name in content.schema_arrow.names if columns is None or name in {*columns, "time"}]
            for batch in content.iter_batches(PART_ROWS, columns=there):
                table = _table(batch)
                yield table.filter(compute.greater_equal(table["time"], since))
    known = {"/".join(path.split("/")[-4:]) for path in sealed}
    for segment, table in alive:
        if segment not in known:
            wanted = [name for name in table.column_names if columns is None or name in {*columns, "time"}]
            yield table.select(wanted).filter(compute.greater_equal(table["time"], since))


def _heads(ledger: Ledger) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted(ledger.journals.glob("*.journal")):
        with contextlib.suppress(FileNotFoundError):  # sealed meanwhile
            if head := head_of(path):
                yield path, head


def _alive(ledger: Ledger, model: str, version: str) -> Iterator[tuple[str, pyarrow.Table]]:
    """What open journals hold, and where below the log it will be."""
    for path, head in _heads(ledger):
        if head["model"] == model and str(head["version"]) == version:
            with contextlib.suppress(FileNotFoundError):
                segment, table = segment_of(path), table_of(path)
                if table is not None:
                    yield segment, table


def _table(batch: Any) -> pyarrow.Table:
    import pyarrow as pa

    return pa.Table.from_batches([batch])


def _files(ledger: Ledger) -> tuple[Any, str]:
    import fsspec

    files, root = fsspec.core.url_to_fs(ledger.log)
    return files, root.rstrip("/")
