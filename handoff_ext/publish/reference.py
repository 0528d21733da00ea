"""The rows that travel with a version: one to try it with, and up to a thousand with their recorded answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handoff_ext.contracts.profile import Profile

ROWS, CELLS = 1_000, 500_000


def reference(given: Mapping[str, Any], personal: Sequence[str]) -> dict[str, Any]:
    """Reference rows with recorded answers (``reference.json``), evenly spread over the hold-out.

    Where an input is marked personal no row is kept, and ``reason`` says so.
    """
    kept = [name for name in given["columns"] if name in personal]
    total = len(given["rows"])
    wide = max(1, _cells(given["rows"][0])) if total else 1
    count = 0 if kept else min(total, ROWS, max(20, CELLS // wide))
    positions = [index * total // count for index in range(count)]
    reason = f"The input {kept[0]} is marked personal, so no rows are stored." if kept else ""
    return {
        "version": 1,
        "columns": given["columns"],
        "rows": [given["rows"][position] for position in positions],
        "predictions": {
            name: [values[position] for position in positions] for name, values in given["predictions"].items()
        },
        "of": given["total"],
        "reason": reason,
    }


def example(given: Mapping[str, Any], profile: Profile, personal: Sequence[str]) -> dict[str, Any] | None:
    """One row as MLflow's split orientation: real and without gaps where there is one, typical values where an input is
    personal; None for models that take no columns."""
    columns = list(given["columns"])
    if not columns or not given["rows"]:
        return None
    if any(name in personal for name in columns):
        return {"columns": columns, "data": [[_typical(profile, name, name in personal) for name in columns]]}
    row = next((row for row in given["rows"] if None not in row), given["rows"][0])
    return {"columns": columns, "data": [row]}


def _typical(profile: Profile, name: str, personal: bool) -> Any:
    known = profile.inputs.get(name)
    if known is None or known.kind in {"text", "category"}:
        return "example" if known is None or personal else next(iter(known.categories), "example")
    if known.kind == "boolean":
        return False
    if known.kind == "date":
        return known.min or "2000-01-01T00:00:00"
    return known.quantiles.get("0.5", 0.0)


def _cells(row: Any) -> int:
    return sum(_cells(value) for value in row) if isinstance(row, list) else 1
