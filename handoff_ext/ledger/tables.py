"""A journal as an Arrow table: one row a prediction, inputs as ``in:NAME``, answers as ``out:NAME``."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoff_ext.ledger.lines import read_lines

if TYPE_CHECKING:
    import pyarrow

ANSWERED, REFUSED = "answered", "refused"
TEXTS = ("id", "status", "role", "stage", "by", "fallback", "problem")


def table_of(journal: Path) -> pyarrow.Table | None:
    """The journal's whole records; None where there are none.

    Columns: ``id``, ``time`` (UTC), ``status`` (answered, refused), ``role`` (champion, challenger), ``stage``, ``by``
    (whose key asked), ``in_scope``, ``fallback`` (why; empty where the model answered), ``problem`` (of a refused row:
    ``field: problem``), ``ms`` (of the request, a row's share), then inputs and answers.
    """
    lines = read_lines(journal)
    head = next(lines, None)
    records = list(lines)
    return _table(head, records) if head and records else None


def head_of(journal: Path) -> dict[str, Any] | None:
    """Model, version and columns that a journal is about; None where not even that was written."""
    return next(read_lines(journal), None)


def _table(head: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> pyarrow.Table:
    import pyarrow as pa

    counts = [len(record["ids"]) for record in records]

    def spread(name: str, absent: Any) -> list[Any]:
        """One value a row, where a record holds one for all of its rows or a list."""
        found: list[Any] = []
        for record, count in zip(records, counts, strict=True):
            value = record.get(name, absent)
            found += value if isinstance(value, list) else [value] * count
        return found

    empty = dict.fromkeys(TEXTS, "") | {"status": ANSWERED}
    texts = {name: pa.array(spread("ids" if name == "id" else name, empty[name]), pa.string()) for name in TEXTS}
    moments = [datetime.datetime.fromtimestamp(moment, datetime.UTC) for moment in spread("time", 0.0)]
    columns = {
        **texts,
        "time": pa.array(moments, pa.timestamp("ms", tz="UTC")),
        "in_scope": pa.array(spread("in_scope", True), pa.bool_()),
        "ms": pa.array(spread("ms", 0.0), pa.float32()),
    }
    for name, kind in head["columns"].items():
        values = [
            value
            for record, count in zip(records, counts, strict=True)
            for value in record.get("inputs", {}).get(name, [None] * count)
        ]
        columns[f"in:{name}"] = _array(values, kind)
    answers = spread("answers", None)
    for name in dict.fromkeys(name for answer in answers for name in _parts(answer)):
        columns[f"out:{name}"] = _array([_parts(answer).get(name) for answer in answers], "")
    return pa.table(columns)


def _parts(answer: Any) -> Mapping[str, Any]:
    if answer is None:
        return {}
    return answer if isinstance(answer, dict) else {"prediction": answer}


def _array(values: list[Any], kind: str) -> pyarrow.Array:
    import pyarrow as pa

    present: Iterable[Any] = (value for value in values if value is not None)
    if kind == "yes/no":
        return pa.array(values, pa.bool_())
    if kind in {"number", "whole"} or (
        not kind and all(isinstance(value, int | float) and not isinstance(value, bool) for value in present)
    ):
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    texts = [value if value is None or isinstance(value, str) else _text(value) for value in values]
    return pa.array(texts, pa.string())


def _text(value: Any) -> str:
    return str(value) if isinstance(value, bool | int | float) else json.dumps(value)
