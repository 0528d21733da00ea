"""A model that takes raw rows: each is prepared by ``features.py`` first. Travels in every version that does so."""

from __future__ import annotations

import importlib
import os
import pickle
from typing import Any, Callable


class Raw:
    """A model behind the notebook's own feature code.

    ``order`` are all columns of the table that training read, ``fills`` a row of it: what the answer needs no value of
    gets the one there. ``beside``: for joins whose table is not kept, its columns by their names in the row.
    """

    def __init__(
        self, model: Any, transform: Callable[..., Any], make: Callable[..., Any], learned: dict[str, Any]
    ) -> None:
        self.model, self.transform, self.make = model, transform, make
        self.kept, self.order, self.fills = learned["kept"], learned["order"], learned["fills"]
        self.beside: dict[str, dict[Any, Any]] = learned.get("beside", {})

    def whole(self, rows: Any) -> Any:
        """Rows with all columns that training's table had, in its order, numbered from 0."""
        few = [0] * len(rows)
        parts = {
            position: column(rows[label] if label in rows.columns else self.fills.iloc[:, position].iloc[few])
            for position, label in enumerate(self.order)
        }
        table = importlib.import_module("pandas").DataFrame(parts)
        table.columns = self.fills.columns
        return table

    def _beside(self, rows: Any) -> dict[str, Any]:
        """The columns of joined tables that came with the rows, by join; what did not come is missing."""
        return {
            turn: rows.reindex(columns=list(names.values())).set_axis(list(names), axis=1)
            for turn, names in self.beside.items()
        }

    def prepared(self, rows: Any, strict: bool = False) -> list[tuple[list[int], Any]]:
        """The model's own inputs for ``rows``: pieces of (positions, inputs). A row in no piece is out of scope.

        Raises:
            whatever the notebook's code raises for a row, where there is only that one; where ``strict``, for any.
        """
        count = len(rows)
        if not count:
            return []
        try:
            state = self.make(self.kept, rows=count, beside=self._beside(rows))
            table = self.transform(self.whole(rows), state)
            left = size(table)
        except Exception:
            if count == 1 or strict:
                raise
            return self._apart(rows)
        if not left:
            return []
        if state.positions is not None and len(state.positions) == left:
            return [(state.positions.tolist(), table)]
        if left == count and (count == 1 or not self.kept.get("filters")):
            return [(list(range(count)), table)]
        if count == 1:
            raise ValueError("one row became %d" % left)
        return self._apart(rows)

    def _apart(self, rows: Any) -> list[tuple[list[int], Any]]:
        middle = len(rows) // 2
        found = []
        for start, end in ((0, middle), (middle, len(rows))):
            for positions, table in self.tolerant(rows.iloc[start:end]):
                found.append(([start + position for position in positions], table))
        return found

    def tolerant(self, rows: Any) -> list[tuple[list[int], Any]]:
        """As ``prepared``; a row that the code cannot take has no inputs."""
        try:
            return self.prepared(rows)
        except Exception:
            return []

    def __getattr__(self, method: str) -> Any:
        if method.startswith("__") or method in ("model", "transform", "make", "kept", "order", "fills", "beside"):
            raise AttributeError(method)
        ask = getattr(self.model, method)
        if not callable(ask):
            return ask

        def asked(rows: Any) -> Any:
            [(positions, table)] = self.prepared(rows)
            if len(positions) != len(rows):
                raise ValueError("rows out of scope")
            return ask(table)

        return asked


SHOWN = 200
"""So many of the model's own inputs are compared column by column."""


def inputs(table: Any) -> dict[str, Any]:
    """The model's own inputs by name, ``input <name>``; none for what has no columns, or too many."""
    if hasattr(table, "columns") and hasattr(table, "iloc"):
        names, parts = [str(each) for each in table.columns], [table.iloc[:, i] for i in range(table.shape[1])]
    elif hasattr(table, "iloc"):
        names, parts = [str(table.name)], [table]
    elif hasattr(table, "toarray"):
        if table.shape[1] > SHOWN:
            return {"input sum": table.sum(axis=1).A1 if hasattr(table.sum(axis=1), "A1") else table.sum(axis=1)}
        return inputs(table.toarray())
    elif hasattr(table, "ndim") and table.ndim == 2:
        names, parts = [str(i) for i in range(table.shape[1])], [table[:, i] for i in range(table.shape[1])]
    elif hasattr(table, "ndim") and table.ndim == 1:
        names, parts = ["0"], [table]
    else:
        return {}
    found: dict[str, Any] = {}
    for index, (name, part) in enumerate(zip(names[:SHOWN], parts)):
        found["input %s" % name if "input %s" % name not in found else "input %s.%d" % (name, index)] = part.tolist()
    return found


def load(model: Any, folder: str, package: str) -> Raw:
    """The model with the feature code of the version in ``folder``."""
    features, learned = (importlib.import_module("%s.%s" % (package, name)) for name in ("features", "learned"))
    with open(os.path.join(folder, "state.pkl"), "rb") as file:
        return Raw(model, features.transform, learned.State, pickle.load(file))


def column(series: Any) -> Any:
    """What a table is built of, numbered from 0: without the index, whose comparing takes most of the time for one row.

    Objects stay a series: of their array alone a newer pandas would make text.
    """
    return series.reset_index(drop=True) if series.dtype == object else series.array


def size(table: Any) -> int:
    """How many rows."""
    return int(table.shape[0]) if hasattr(table, "shape") else len(table)
