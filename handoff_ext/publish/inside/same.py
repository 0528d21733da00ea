"""Whether two tables hold the same rows: exactly, or found again by their content."""

from __future__ import annotations

from typing import Any

DIGITS = 7


def differing(one: Any, other: Any) -> str:
    """The first thing in which two tables differ, empty where they are equal."""
    if count(one) != count(other):
        return "%d rows instead of %d" % (count(one), count(other))
    a, b = columns(one), columns(other)
    if len(a) != len(b):
        return "%d columns instead of %d" % (len(a), len(b))
    for index, (left, right) in enumerate(zip(a, b)):
        if not _equal(left, right):
            return "column %s" % name(other, index)
    return ""


def pieces(one: list[tuple[list[int], Any]], other: list[tuple[list[int], Any]]) -> bool:
    """Whether the same positions have the same inputs."""
    if [positions for positions, _ in one] != [positions for positions, _ in other]:
        return False
    return all(not differing(a, b) for (_, a), (_, b) in zip(one, other))


def changed(one: list[tuple[list[int], Any]], other: list[tuple[list[int], Any]]) -> Any:
    """The positions whose inputs differ; None where that cannot be told row by row."""
    import numpy

    if len(one) != 1 or len(other) != 1 or one[0][0] != other[0][0]:
        return None
    (places, first), (_, second) = one[0], other[0]
    a, b = columns(first), columns(second)
    if len(a) != len(b):
        return None
    differ = numpy.zeros(len(places), dtype=bool)
    for left, right in zip(a, b):
        if left.dtype.kind in "iufb" and right.dtype.kind in "iufb":
            differ |= ~numpy.isclose(left.astype(float), right.astype(float), rtol=1e-9, atol=1e-12, equal_nan=True)
        else:
            differ |= numpy.array(_spelled(left), dtype=object) != numpy.array(_spelled(right), dtype=object)
    return [place for place, different in zip(places, differ.tolist()) if different]


def match(parts: list[Any], places: list[int], wanted: Any) -> tuple[list[int], int]:
    """The place of each row of ``wanted`` among rows with the same content (each is used once as long as there are
    enough), and how many were not found; those have no place in the list."""
    total = count(wanted)
    known = [columns(part) for part in parts]
    asked = columns(wanted)
    if any(len(part) != len(asked) for part in known):
        return [], total
    whole = [_joined([part[index] for part in known]) for index in range(len(asked))]
    result, lost = _match(whole, asked, places, None)
    return _match(whole, asked, places, DIGITS) if lost else (result, lost)


def _match(whole: list[Any], asked: list[Any], places: list[int], digits: int | None) -> tuple[list[int], int]:
    here, there = _keys(whole, asked, digits)
    found: dict[Any, list[int]] = {}
    for position, key in enumerate(here):
        found.setdefault(key, []).append(position)
    used: dict[Any, int] = {}
    result, lost = [], 0
    for key in there:
        same = found.get(key)
        if not same:
            lost += 1
            continue
        turn = used[key] = used.get(key, -1) + 1
        result.append(places[same[turn % len(same)]])
    return result, lost


def column(parts: list[Any], wanted: Any) -> str:
    """A column that accounts for rows not being found: without it all the others are."""
    asked = columns(wanted)
    if len(asked) > 200 or any(len(columns(part)) != len(asked) for part in parts):
        return ""
    known = [columns(part) for part in parts]
    for index in range(len(asked)):
        values = _joined([part[index] for part in known])
        here, there = _keys([values], [asked[index]], DIGITS)
        if not set(there) <= set(here):
            return name(wanted, index)
    return ""


def columns(table: Any) -> list[Any]:
    """The columns of a table, array, sparse matrix, series or list."""
    import numpy

    if hasattr(table, "toarray"):
        width = table.shape[1]
        if width <= 300:
            return list(table.toarray().T)
        weights = numpy.random.RandomState(0).rand(width, 3)
        return list((table @ weights).T)
    if hasattr(table, "iloc") and hasattr(table, "columns"):
        return [_values(table.iloc[:, index]) for index in range(table.shape[1])]
    if hasattr(table, "iloc"):
        return [_values(table)]
    if hasattr(table, "ndim"):
        wide = table.reshape(len(table), -1) if table.ndim != 2 else table
        return [wide[:, index] for index in range(wide.shape[1])]
    array = numpy.asarray(table, dtype=object if table and isinstance(table[0], str) else None)
    return columns(array.reshape(len(array), -1))


def _values(series: Any) -> Any:
    import numpy

    if str(series.dtype) == "category":
        series = series.astype(object)
    if getattr(series.dtype, "kind", "O") in "iufb" and hasattr(series.dtype, "itemsize"):
        return series.to_numpy(dtype="float64", na_value=numpy.nan)
    values = series.astype(object).to_numpy(copy=True)
    values[series.isna().to_numpy()] = None
    return values


def _gone(value: Any) -> bool:
    return value is None or value != value or type(value).__name__ in ("NaTType", "NAType")  # noqa: PLR0124


def _equal(a: Any, b: Any) -> bool:
    import numpy

    if a.dtype.kind in "iufb" and b.dtype.kind in "iufb":
        return bool(numpy.allclose(a.astype(float), b.astype(float), rtol=1e-9, atol=1e-12, equal_nan=True))
    return [_plain(value) for value in a] == [_plain(value) for value in b]


def _plain(value: Any) -> Any:
    if _gone(value):
        return None
    return str(float(value)) if isinstance(value, (int, float)) or hasattr(value, "__float__") else str(value)


def _spelled(values: Any) -> list[str]:
    """Each value's spelling; equal ones are spelled once."""
    known: dict[Any, str] = {}
    try:
        for value in set(values):
            known[value] = str(_plain(value))
        return [known[value] for value in values]
    except (TypeError, KeyError):  # values that cannot be looked up
        return [str(_plain(value)) for value in values]


def _joined(parts: list[Any]) -> Any:
    import numpy

    return parts[0] if len(parts) == 1 else numpy.concatenate(parts)


def _keys(one: list[Any], other: list[Any], digits: int | None) -> tuple[list[Any], list[Any]]:
    """For each row of both a key that is equal where the rows are: floats exactly, or to so many digits of the column's
    largest."""
    import numpy
    import pandas

    keys = [numpy.zeros(len(one[0]), "uint64"), numpy.zeros(len(other[0]), "uint64")]
    for first, second in zip(one, other):
        a, b = first, second
        if a.dtype.kind in "iufb" and b.dtype.kind in "iufb":
            a, b = a.astype("float64"), b.astype("float64")
            finite = numpy.abs(b[numpy.isfinite(b)])
            scale = (float(finite.max()) if len(finite) else 0.0) or 1.0
            sides = (
                [a + 0.0, b + 0.0] if digits is None else [numpy.round(each / scale, digits) + 0.0 for each in (a, b)]
            )
        else:
            sides = [numpy.array(_spelled(side), dtype=object) for side in (a, b)]
        for index, side in enumerate(sides):
            hashed = pandas.util.hash_array(side)
            keys[index] = keys[index] * numpy.uint64(1_000_003) + hashed
    return keys[0].tolist(), keys[1].tolist()


def name(table: Any, index: int) -> str:
    """A column's name."""
    return str(table.columns[index]) if hasattr(table, "columns") else str(index)


def count(table: Any) -> int:
    """How many rows."""
    return int(table.shape[0]) if hasattr(table, "shape") else len(table)
