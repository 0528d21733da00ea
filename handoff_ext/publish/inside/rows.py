"""Rows as plain data: what each column is, and its values as JSON that any version of numpy and pandas reads back."""

from __future__ import annotations

import math
from typing import Any

PLAIN = (str, bool, int, float, type(None))
EASY = frozenset((str, bool, int, type(None)))
WIDEST = 4096
"""Wider two-dimensional arrays are described as one tensor instead of a column each."""


class Unsuited(Exception):
    """Rows that cannot be described; the message says what they are."""


def describe(rows: Any) -> dict[str, Any]:
    """Container, columns and dtypes of the rows a model is asked on; keys as in ``model.json``.

    Raises:
        Unsuited: neither table, array, sparse matrix, series nor list of texts.
    """
    name = "%s.%s" % (type(rows).__module__.split(".")[0], type(rows).__name__)
    if hasattr(rows, "columns") and hasattr(rows, "iloc"):
        names = unique([spelled(label) for label in rows.columns])
        columns = [
            dict(column(rows.iloc[:, index], names[index]), label=plain_label(label))
            for index, label in enumerate(rows.columns)
        ]
        return {"container": "frame", "columns": columns}
    if hasattr(rows, "iloc"):
        return {"container": "series", "columns": [column(rows, spelled(rows.name) if rows.name else "text")]}
    if isinstance(rows, (list, tuple)):
        if rows and all(isinstance(value, str) for value in rows):
            return {"container": "list", "columns": [text_column("text")]}
        import numpy

        return describe(numpy.asarray(rows))
    if not hasattr(rows, "shape") or not hasattr(rows, "dtype"):
        raise Unsuited(name)
    return _array(rows, "sparse" if hasattr(rows, "tocsr") else "array")


def _array(rows: Any, kind: str) -> dict[str, Any]:
    import numpy

    dtype, ndim = str(rows.dtype), len(rows.shape)
    if rows.dtype.kind not in "biufOU":
        raise Unsuited("an array of %s" % dtype)
    if ndim > 2 or (ndim == 2 and rows.shape[1] > WIDEST and kind == "array"):
        return {"container": "tensor", "columns": [], "dtype": dtype, "shape": [-1, *list(rows.shape[1:])]}
    if ndim == 2 and rows.shape[1] > WIDEST:
        raise Unsuited(
            "a sparse matrix of %d columns: put the step that makes it into the model's pipeline" % rows.shape[1]
        )
    width = rows.shape[1] if ndim == 2 else 1
    if rows.dtype.kind in "OU":
        mixed = [value for value in numpy.ravel(rows[:1000]) if not isinstance(value, str)]
        base = column_of("text" if not mixed else "number", dtype)
    else:
        base = column_of("boolean" if rows.dtype.kind == "b" else "number", dtype)
    base["integer"] = rows.dtype.kind in "iu"
    base["nullable"] = rows.dtype.kind == "f" and kind == "array" and bool(numpy.isnan(rows).any())
    names = ["text" if base["kind"] == "text" else "x"] if ndim == 1 else ["x%d" % index for index in range(width)]
    return {"container": kind, "columns": [dict(base, name=each) for each in names], "dtype": dtype, "ndim": ndim}


def column(series: Any, name: str) -> dict[str, Any]:
    """One column of a table.

    Raises:
        Unsuited: its values are no numbers, texts, dates or choices.
    """
    import numpy

    dtype = series.dtype
    found = column_of(_kind(series), str(dtype))
    found["name"], found["numpy"] = name, isinstance(dtype, numpy.dtype)
    found["nullable"] = bool(series.isna().any())
    found["integer"] = getattr(dtype, "kind", "") in "iu"
    if found["kind"] == "category":
        categories = [plain(value) for value in dtype.categories]
        if any(not isinstance(value, PLAIN) for value in categories):
            raise Unsuited("column %s, whose choices are %s" % (name, dtype.categories.dtype))
        found.update(categories=categories, ordered=bool(dtype.ordered), categories_dtype=str(dtype.categories.dtype))
    if found["nullable"] and str(dtype) == "object":
        gaps = series[series.isna()]
        found["missing"] = "none" if all(value is None for value in gaps) else "nan"
    return found


def column_of(kind: str, dtype: str) -> dict[str, Any]:
    """A column's description with nothing measured yet."""
    return {"name": "", "kind": kind, "dtype": dtype, "numpy": True, "nullable": False, "integer": False}


def text_column(name: str) -> dict[str, Any]:
    """A column of plain texts."""
    return dict(column_of("text", "object"), name=name)


def _kind(series: Any) -> str:
    dtype = str(series.dtype)
    letter = getattr(series.dtype, "kind", "O")
    if dtype == "category":
        return "category"
    if letter == "b":
        return "boolean"
    if letter in "iuf":
        return "number"
    if letter == "M":
        return "date"
    if letter == "m":
        return "duration"
    values = list(series.dropna().iloc[:1000])
    if all(isinstance(value, str) for value in values):
        return "text"
    if all(type(value).__name__ in ("bool", "bool_") for value in values):
        return "boolean"
    if all(hasattr(value, "__float__") for value in values):
        return "number"
    if all(isinstance(value, str) or hasattr(value, "__float__") for value in values):
        return "mixed"
    raise Unsuited("column %s, which holds %s" % (series.name, type(values[0]).__name__))


def encode(rows: Any, described: dict[str, Any]) -> Any:
    """Rows as JSON values: a list of rows, each a list in the columns' order (nested lists for tensors)."""
    kind = described["container"]
    if kind == "frame":
        listed = [_listed(rows.iloc[:, index], each) for index, each in enumerate(described["columns"])]
        return [list(row) for row in zip(*listed)]
    if kind == "series":
        return [[value] for value in _listed(rows, described["columns"][0])]
    if kind == "list":
        return [[value] for value in rows]
    if kind == "tensor":
        return plain(rows)
    table = rows.toarray() if kind == "sparse" else rows
    table = table.reshape(len(table), -1)
    return [[plain(value) for value in row] for row in table.tolist()]


def _listed(series: Any, described: dict[str, Any]) -> list[Any]:
    if described["kind"] == "duration":
        series = series.dt.total_seconds()
    return plains(series.tolist())


def plain(value: Any) -> Any:
    """A value as JSON can hold it; missing is None, infinities keep their float (the caller leaves such rows out)."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if type(value).__name__ in ("NaTType", "NAType"):
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return float(value) if hasattr(value, "__float__") else str(value)


def plains(values: Any) -> list[Any]:
    """As ``plain`` of each, quickly where they are numbers and texts."""
    return [
        value if type(value) in EASY else (plain(value) if type(value) is not float or value != value else value)  # noqa: PLR0124
        for value in values
    ]


def finite(row: Any) -> bool:
    """Whether JSON can hold every value of a row."""
    if isinstance(row, list):
        if list in map(type, row):
            return all(finite(value) for value in row)
        return math.inf not in row and -math.inf not in row
    return not (isinstance(row, float) and math.isinf(row))


def take(rows: Any, positions: list[int]) -> Any:
    """Rows at these positions, in the same container."""
    if hasattr(rows, "iloc"):
        return rows.iloc[positions]
    if isinstance(rows, (list, tuple)):
        return [rows[position] for position in positions]
    return rows[positions]


def count(rows: Any) -> int:
    """How many rows."""
    return int(rows.shape[0]) if hasattr(rows, "shape") else len(rows)


def unlisted(value: Any) -> Any:
    """Nested lists as the array they stand for; texts and everything else as they are."""
    if not isinstance(value, (list, tuple)) or all(isinstance(one, str) for one in value):
        return value
    import numpy

    return numpy.asarray(value)


def several(value: Any) -> bool:
    """Whether it is rows at all, and not one bare value or nothing."""
    if hasattr(value, "shape"):
        return bool(value.shape) and value.shape[0] > 0
    return isinstance(value, (list, tuple)) and len(value) > 0


def answered(answer: Any) -> int:
    """How many rows an answer is for; several outputs come as a list of two-dimensional arrays."""
    if isinstance(answer, (list, tuple)) and answer and getattr(answer[0], "ndim", 0) == 2:
        return count(answer[0])
    return count(answer)


def spelled(label: Any) -> str:
    """A column's label as a JSON name."""
    return "_".join(str(part) for part in label) if isinstance(label, tuple) else str(label)


def plain_label(label: Any) -> Any:
    """A label that JSON can hold and ``served`` turns back: tuples travel as lists."""
    return [plain_label(part) for part in label] if isinstance(label, tuple) else plain(label)


def unique(names: list[str]) -> list[str]:
    """Names of which none occurs twice: later ones get a number."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else "%s.%d" % (name, seen[name] - 1))
    return found
