"""Asks raw rows one by one: each is prepared alone; what the model is given is then asked together where it is alike.

What other rows could change is the feature code: it sees every row alone here. The model itself answers a table of
prepared rows, those of the same columns and dtypes, and some of them alone too, on the very way of serving.
"""

from __future__ import annotations

import importlib
import json
import math
import sys
import time
from typing import Any

from .rows import EASY

FIRST = 3
"""So many rows of every kind of table are asked on the very way of serving."""


def rows(model: Any, given: dict[str, Any], parts: list[list[int]], seconds: Any, alone: int) -> dict[str, Any]:
    """As ``ask._ask`` of single rows, for a model that takes raw rows; the first ``alone`` of them wholly alone."""
    begun, cpu = time.monotonic(), time.process_time()
    served = importlib.import_module(type(model).__module__)
    inputs = sys.modules[type(model.model).__module__].inputs
    answered: dict[int, dict[str, Any]] = {}
    waiting: dict[Any, list[tuple[int, Any]]] = {}
    seen: dict[Any, int] = {}
    stopped, by_itself = False, 0
    for turn, [position] in enumerate(parts):
        if seconds is not None and time.monotonic() - begun > seconds:
            stopped = True
            break
        table = sent(given, [position])
        like, prepared = None, None
        if turn >= alone:
            pieces = model.model.prepared(served.container(table, model.described))
            like = kind(pieces[0][1]) if pieces else None
            prepared = pieces[0][1] if pieces else None
        if like is None or seen.get(like, 0) < FIRST:
            found = model.answer(table, inputs=True)
            answered[position] = {name: values[0] for name, values in found.items()}
            seen[like] = seen.get(like, 0) + 1
            by_itself += 1
        else:
            waiting.setdefault(like, []).append((position, prepared))
    for alike in waiting.values():
        whole = stacked([prepared for _, prepared in alike])
        columns = dict(inputs(whole), **model.of_prepared(whole))
        for index, (position, _) in enumerate(alike):
            answered[position] = {name: values[index] for name, values in columns.items()}
    asked = sorted(answered)
    outputs: dict[str, list[Any]] = {}
    for position in asked:
        for name, value in answered[position].items():
            outputs.setdefault(name, []).append(plain(value))
    outputs.pop("in_scope", None)
    used = time.process_time() - cpu
    return {"positions": asked, "outputs": outputs, "cpu_seconds": used, "stopped": stopped, "alone": by_itself}


def sent(given: dict[str, Any], positions: list[int]) -> Any:
    """These rows through text, as over HTTP."""
    listed = json.loads(json.dumps([given["rows"][position] for position in positions]))
    columns = given["columns"]
    return {name: [row[index] for row in listed] for index, name in enumerate(columns)} if columns else listed


def kind(table: Any) -> Any:
    """Equal for tables that can be put below each other without changing a value or dtype; None where not known."""
    if type(table).__module__.split(".")[0] == "pandas" and type(table).__name__ == "DataFrame":
        return "frame", tuple(table.columns), tuple(_dtype(dtype) for dtype in table.dtypes)
    if type(table).__module__ == "numpy" and type(table).__name__ == "ndarray" and table.ndim == 2:
        return "array", table.shape[1], str(table.dtype)
    return None


def _dtype(dtype: Any) -> Any:
    if str(dtype) == "category":
        return "category", tuple(dtype.categories), dtype.ordered, str(dtype.categories.dtype)
    return str(dtype)


def stacked(tables: list[Any]) -> Any:
    """Tables of one ``kind`` below each other."""
    if hasattr(tables[0], "columns"):
        return importlib.import_module("pandas").concat(tables, ignore_index=True)
    return importlib.import_module("numpy").concatenate(tables)


def plains(values: Any) -> list[Any]:
    """As ``plain`` of each, quickly where they are whole numbers and texts."""
    values = values.tolist() if hasattr(values, "tolist") else values
    return [value if type(value) in EASY else plain(value) for value in values]


def plain(value: Any) -> Any:
    """An answer as JSON can hold it."""
    if type(value) is float:
        return value if math.isfinite(value) else None
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, float) and (not math.isfinite(value)):
        return None
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value if isinstance(value, (str, bool, int, float, type(None))) else str(value)
