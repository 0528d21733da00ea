"""Reference distributions of the rows a model was fitted on, bounded in size: the inputs of ``profile.json``."""

from __future__ import annotations

from typing import Any

CHOICES, BINS, COLUMNS, SAMPLE = 50, 20, 500, 200_000
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


def summarise(rows: Any, described: dict[str, Any], personal: list[str]) -> dict[str, Any]:
    """Column name to its distribution; personal columns show only how many values are missing."""
    found = {}
    for index, column in enumerate(described["columns"][:COLUMNS]):
        hidden = column["name"] in personal
        if described["container"] in ("frame", "series"):
            found[column["name"]] = distribution(_series(rows, index, described), column, hidden)
        else:
            found[column["name"]] = _listed(rows, index, described, column, hidden)
    return found


def _listed(rows: Any, index: int, described: dict[str, Any], column: dict[str, Any], hidden: bool) -> dict[str, Any]:
    """A column of an array, a sparse matrix or a list: without pandas, which such a kernel may lack."""
    import numpy

    if column["kind"] == "text":
        return {"kind": "text", "count": len(rows), "missing": 0}
    if described["container"] == "sparse":
        values = rows[:, index].toarray().ravel()
    else:
        values = rows if described["ndim"] == 1 else rows[:, index]
    values = numpy.asarray(values, dtype="float64")[:SAMPLE]
    missing = int(numpy.isnan(values).sum())
    found: dict[str, Any] = {"kind": column["kind"], "count": len(values), "missing": missing}
    if hidden or column["kind"] != "number" or missing == len(values):
        return found
    return dict(found, **_number(values))


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
        return dict(found, **_number(present.astype("float64").to_numpy()))
    return dict(found, **_choices(present, column))


def _number(values: Any) -> dict[str, Any]:
    import numpy

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
    series = rows.iloc[:, index] if described["container"] == "frame" else rows
    return series.sample(SAMPLE, random_state=0) if len(series) > SAMPLE else series
