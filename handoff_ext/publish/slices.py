"""Groups of rows for which a model is worse than overall."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import ndarray

FEWEST, MOST_VALUES, KEPT, COLUMNS, QUARTERS = 30, 20, 40, 200, 4


def worst_slices(
    rows: Sequence[Sequence[Any]],
    described: Mapping[str, Any],
    error: ndarray,
    number: bool,
    personal: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Every group by a column of few values, or by a number's quarters, that has at least 30 rows; worst first.

    Args:
        rows: the hold-out's rows as plain values.
        described: ``model.json``.
        error: a row's absolute error, or 0 for right and 1 for wrong.
        number: whether the model answers with numbers.
        personal: columns that no group is named by.

    Returns:
        dicts with ``column``, ``value``, ``count``, ``error`` (mean), ``overall`` and ``words``.
    """
    overall = float(error.mean()) if len(error) else 0.0
    found = []
    for index, column in enumerate(described.get("columns", ())[:COLUMNS]):
        if column["name"] in personal:
            continue
        for value, members in _groups([row[index] for row in rows], column["kind"]):
            if FEWEST <= len(members) < len(rows):
                mean = float(error[members].mean())
                found.append(
                    {
                        "column": column["name"],
                        "value": value,
                        "count": len(members),
                        "error": round(mean, 6),
                        "overall": round(overall, 6),
                        "words": _words(column["name"], value, mean, overall, number),
                    }
                )
    return sorted(found, key=lambda group: (-group["error"], -group["count"]))[:KEPT]


def _groups(values: list[Any], kind: str) -> Iterator[tuple[str, list[int]]]:
    import numpy

    if kind in {"date", "mixed"}:
        return
    members: dict[Any, list[int]] = {}
    for index, value in enumerate(values):
        members.setdefault(value, []).append(index)
    if len(members) <= MOST_VALUES:
        yield from ((_shown(value), positions) for value, positions in members.items())
        return
    if kind not in {"number", "duration"}:
        return
    known = numpy.array([float("nan") if value is None else float(value) for value in values])
    present = known[~numpy.isnan(known)]
    edges = numpy.unique(numpy.quantile(present, numpy.linspace(0, 1, QUARTERS + 1)))
    if None in members:
        yield "missing", members[None]
    for low, high in itertools.pairwise(edges):
        inside = (known >= low) & ((known < high) | ((high == edges[-1]) & (known <= high)))
        yield f"{low:.4g} to {high:.4g}", [int(place) for place in numpy.flatnonzero(inside)]


def _shown(value: Any) -> str:
    if value is None:
        return "missing"
    return f"{value:.6g}" if isinstance(value, float) else str(value)[:60]


def _words(column: str, value: str, mean: float, overall: float, number: bool) -> str:
    if number:
        return f"{column} {value}: off by {mean:.4g} on average, overall {overall:.4g}"
    return f"{column} {value}: {round(100 * (1 - mean))} of 100 right, overall {round(100 * (1 - overall))}"
