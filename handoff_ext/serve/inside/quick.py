"""A way past pandas for few rows: a scikit-learn pipeline asked with plain arrays.

Most of the time of a single prediction goes into building a frame and taking it apart again. Here each part of the
pipeline gets the array that it would have made of its frame, and does the rest itself; no formula of scikit-learn is
written anew. That it answers the same is not believed but tried, on the version's reference rows, before it is used.
"""

from __future__ import annotations

import copy
import math
import sys
import warnings
from typing import Any, Callable

CLOSE, ALONE = 1e-9, 50


class Unsuited(Exception):
    """The model has a part that needs its frame."""


def quick(served: Any, tried: dict[str, list[Any]]) -> Callable[[dict[str, list[Any]]], dict[str, Any]] | None:
    """A function from columns to answers that equals ``served.answer``, or None where there is none.

    Args:
        served: a packed model, loaded.
        tried: rows, as columns, on which both ways are compared.
    """
    if not tried or "sklearn" not in sys.modules:
        return None
    try:
        found = Quick(served)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return found.answer if _equal_on(found, served, tried) else None
    except Exception:
        return None


class Quick:
    """The pipeline of a packed model, its first step made ready for arrays."""

    def __init__(self, served: Any) -> None:
        described = served.described
        if described["container"] != "frame":
            raise Unsuited("rows that are no table")
        self.columns = [Column(column) for column in described["columns"]]
        self.outputs, self.methods, self.classes = described["outputs"], described["methods"], described["classes"]
        self.named = sys.modules[type(served).__module__].named
        *first, self.last = parts(served.model)
        self.first = taking_arrays(first[0], len(self.columns)) if first else None
        self.then = first[1:]
        if not first:
            self.last = nameless(self.last)

    def answer(self, columns: dict[str, list[Any]]) -> dict[str, Any]:
        """Answers by output's name, as ``served.answer`` gives them."""
        count = len(next(iter(columns.values())))
        arrays = [column.array(columns.get(column.name) or [None] * count) for column in self.columns]
        table = self.first(arrays) if self.first else stacked(arrays)
        for step in self.then:
            table = step.transform(table)
        answers: dict[str, Any] = {}
        for method in self.methods:
            answers.update(self.named(method, getattr(self.last, method)(table), self.classes))
        return {name: answers[name] for name in self.outputs}


class Column:
    """One input: its JSON values as the array that training's frame would give."""

    def __init__(self, described: dict[str, Any]) -> None:
        import numpy

        kind, dtype = described["kind"], described["dtype"]
        self.name = described["name"]
        self.choices = None
        if kind == "category":
            self.choices = frozenset(described["categories"])
            if not all(isinstance(value, str) for value in self.choices):
                raise Unsuited("choices that are no text")
        elif kind in ("number", "boolean") and described["numpy"] and dtype != "object":
            self.dtype = numpy.dtype(dtype)
            return
        elif kind != "text" or described.get("missing") == "none":
            raise Unsuited("a column of %s" % kind)
        self.dtype = numpy.dtype(object)

    def array(self, values: list[Any]) -> Any:
        """One dimension."""
        import numpy

        if self.choices is not None:
            values = [value if value in self.choices else None for value in values]
        if None not in values:
            return numpy.array(values, dtype=self.dtype)
        if self.dtype.kind == "b":
            raise Unsuited("yes or no, or nothing")
        dtype = "float64" if self.dtype.kind in "iu" else self.dtype
        return numpy.array([math.nan if value is None else value for value in values], dtype=dtype)


Table = Callable[[Any], Any]


def parts(model: Any) -> list[Any]:
    """The steps of a pipeline, or the model alone."""
    if type(model).__name__ != "Pipeline":
        return [model]
    return [step for _, step in model.steps if step not in (None, "passthrough")]


def taking_arrays(step: Any, width: int) -> Table:
    """A first step as a function from the list of all columns' arrays to its table."""
    if type(step).__name__ != "ColumnTransformer":
        return whole(step)
    if gives_frames(step):
        raise Unsuited("a step that gives frames")
    pieces = []
    for name, part, _ in step.transformers_:
        chosen = list(step._transformer_to_input_indices.get(name, ()))
        if (isinstance(part, str) and part == "drop") or not chosen:
            continue
        if any(index >= width for index in chosen):
            raise Unsuited("columns that are not sent")
        pieces.append((chosen, None if isinstance(part, str) else whole(part)))

    def transform(arrays: list[Any]) -> Any:
        import numpy

        tables = []
        for chosen, piece in pieces:
            given = [arrays[index] for index in chosen]
            tables.append(dense(piece(given) if piece else stacked(given)))
        return numpy.hstack(tables)

    return transform


def whole(part: Any) -> Table:
    """A transformer, or a pipeline of some, as a function from arrays to a table."""
    first, *then = parts(part)
    if type(first).__name__ == "FunctionTransformer" and first.func is not None:
        raise Unsuited("a function that may want a frame")
    first = nameless(first)

    def transform(arrays: list[Any]) -> Any:
        table = first.transform(stacked(arrays))
        for step in then:
            table = step.transform(table)
        return table

    return transform


def nameless(step: Any) -> Any:
    """A copy that does not remember its columns' names, and so takes arrays."""
    if gives_frames(step) or not type(step).__module__.startswith("sklearn."):
        raise Unsuited("a step that may want a frame")
    step = copy.copy(step)
    if hasattr(step, "feature_names_in_"):
        del step.feature_names_in_
    return step


def gives_frames(step: Any) -> bool:
    """Whether ``set_output`` asked it for something else than arrays."""
    asked = getattr(step, "_sklearn_output_config", {})
    return bool(asked.get("transform", "default") != "default")


def stacked(arrays: list[Any]) -> Any:
    """Columns side by side, of the dtype that holds them all."""
    import numpy

    if len(arrays) == 1:
        return arrays[0].reshape(-1, 1)
    return numpy.column_stack(arrays)


def dense(table: Any) -> Any:
    """A table without gaps."""
    return table.toarray() if hasattr(table, "toarray") else table


def _equal_on(found: Quick, served: Any, tried: dict[str, list[Any]]) -> bool:
    """Both ways on all rows at once, and the quick one also row by row, give the same."""
    slow, fast = served.answer(tried), found.answer(tried)
    alone = [found.answer({name: [value] for name, value in row.items()}) for row in _rows(tried)[:ALONE]]
    for name, values in slow.items():
        singly = [answer[name][0] for answer in alone]
        if not _all_close(values, fast[name]) or not _all_close(list(values)[: len(singly)], singly):
            return False
    return True


def _rows(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, values)) for values in zip(*columns.values())]


def _all_close(one: Any, other: Any) -> bool:
    one, other = list(one), list(other)
    return len(one) == len(other) and all(_close(a, b) for a, b in zip(one, other))


def _close(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE) or (math.isnan(a) and math.isnan(b))
    return bool(a == b) and isinstance(a, str) == isinstance(b, str)
