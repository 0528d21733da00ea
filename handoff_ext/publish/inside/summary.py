"""Reference distributions of the rows a model was fitted on, bounded in size: the inputs of ``profile.json``."""

from __future__ import annotations

from typing import Any

CHOICES, BINS, COLUMNS, SAMPLE = 50, 20, 500, 200_000
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


def summarise(rows: Any, described: dict[str, Any], personal: list[str]) -> dict[str, Any]:
    """Column name to its distribution; personal columns show only how many values are missing."""
    found = {}
    for index, column in enumerate(described["columns"][:COLUMNS]):
        series = _series(rows, index, described)
        found[column["name"]] = distribution(series, column, column["name"] in personal)
    return found


def distribution(series: Any, column: dict[str, Any], personal: bool = False) -> dict[str, Any]:
    """One column: counts, range, quantiles and histogram, or its choices with their counts."""
    missing = int(series.isna().sum())
    found: dict[str, Any] = {"kind": "text", "count": len(series), "missing": missing}
    present = series.dropna()
    if personal or not len(present):
        found["kind"] = {"number": "number", "boolean": "boolean", "date": "date"}.get(column["kind"], "text")
        return found
    if column["kind"] == "date":
        moments = present.quantile([0, *QUANTILES, 1], interpolation="nearest")
        spelled = [moment.isoformat() for moment in moments]
        quantiles = {str(q): value for q, value in zip(QUANTILES, spelled[1:-1])}
        return dict(found, kind="date", min=spelled[0], max=spelled[-1], quantiles=quantiles)
    if column["kind"] == "duration":
        present = present.dt.total_seconds()
    if column["kind"] in ("number", "duration"):
        return dict(found, **_number(present))
    return dict(found, **_choices(present, column))


def _number(present: Any) -> dict[str, Any]:
    import numpy

    values = present.astype("float64").to_numpy()
    values = values[numpy.isfinite(values)]
    if not len(values):
        return {"kind": "number"}
    low, high = float(values.min()), float(values.max())
    counts, edges = numpy.histogram(values, bins=BINS if high > low else 1)
    quantiles = numpy.quantile(values, QUANTILES)
    return {
        "kind": "number",
        "min": low,
        "max": high,
        "quantiles": {str(q): float(value) for q, value in zip(QUANTILES, quantiles)},
        "edges": [float(edge) for edge in edges],
        "counts": [int(number) for number in counts],
    }


def _choices(present: Any, column: dict[str, Any]) -> dict[str, Any]:
    spelled = present.astype(str)
    counted = spelled.value_counts()
    few = len(counted) <= CHOICES or column["kind"] == "category"
    if not few and len(counted) > len(present) * 0.5:
        return {"kind": "text"}  # free text: nobody's words belong into a profile
    top = counted.head(CHOICES * 4 if column["kind"] == "category" else CHOICES)
    return {
        "kind": "boolean" if column["kind"] == "boolean" else "category",
        "categories": {str(name): int(number) for name, number in top.items()},
        "other": int(len(present) - top.sum()),
    }


def _series(rows: Any, index: int, described: dict[str, Any]) -> Any:
    import pandas

    kind = described["container"]
    if kind == "frame":
        series = rows.iloc[:, index]
    elif kind == "series":
        series = rows
    elif kind == "list":
        series = pandas.Series(rows)
    elif kind == "sparse":
        series = pandas.Series(rows[:, index].toarray().ravel())
    else:
        series = pandas.Series(rows if described["ndim"] == 1 else rows[:, index])
    return series.sample(SAMPLE, random_state=0) if len(series) > SAMPLE else series
