"""What training learned from its table, kept for serving.

While a ``State`` learns, each of its methods does what the notebook's code does and keeps what it learned; afterwards
it gives back what was kept, so that one row is prepared exactly as the table was.
"""

from __future__ import annotations

import contextlib
import copy
from typing import Any

import numpy
import pandas


class State:
    """One passage through ``transform``: learns where it is given nothing, else gives back what is ``kept``.

    ``positions`` are the rows that are left after the filters so far, None where they cannot be told. ``beside``: for
    joins whose table is not kept, the columns of it that came with the rows. ``joined``: while learning, what was
    joined, by name.
    """

    def __init__(self, kept: Any = None, rows: Any = None, given: Any = None, beside: Any = None) -> None:
        self.learning = kept is None
        self.beside = beside or {}
        self.joined: dict[str, Any] = {}
        self.kept = dict(given or {}) if kept is None else kept
        self.positions = None if rows is None else numpy.arange(rows)
        self._turns: dict[str, int] = {}

    def __getitem__(self, name: Any) -> Any:
        """A table that was read beside the rows."""
        return _again(self.kept["table " + name])

    def setting(self, name: Any, usual: Any) -> Any:
        """A value that a run may be given from outside: that of training."""
        return self.kept.setdefault("setting " + name, usual) if self.learning else self.kept["setting " + name]

    def learn(self, name: Any, compute: Any) -> Any:
        """What ``compute`` gave in training."""
        if self.learning:
            value = compute()
            self._keep(name, _kept(value))
            return value
        return _again(self._back(name))

    def fit(self, name: Any, model: Any, fit: Any) -> Any:
        """The fitted ``model``; ``fit`` fits it."""
        if self.learning:
            fitted = fit()
            fitted = model if fitted is None else fitted
            self._keep(name, copy.deepcopy(fitted))
            return fitted
        return self._back(name)

    def fit_transform(self, name: Any, model: Any, table: Any, *more: Any, **options: Any) -> Any:
        """``model.fit_transform`` in training, ``transform`` by what it fitted afterwards."""
        if self.learning:
            made = model.fit_transform(table, *more, **options)
            self._keep(name, copy.deepcopy(model))
            return made
        fitted = self._back(name)
        model.__dict__.update(fitted.__dict__)
        return fitted.transform(table)

    def fit_transform_each(self, name: Any, model: Any, table: Any) -> Any:
        """``table.apply(model.fit_transform)``: every column by a fit of its own."""
        if self.learning:
            fitted = {}

            def one(column: Any) -> Any:
                made = model.fit_transform(column)
                fitted[column.name] = copy.deepcopy(model)
                return made

            made = table.apply(one) if hasattr(table, "columns") else model.fit_transform(table)
            self._keep(name, fitted)
            return made
        fitted = self._back(name)
        return table.apply(lambda column: fitted[column.name].transform(column))

    def dummies(self, name: Any, function: Any, table: Any, *more: Any, **options: Any) -> Any:
        """``pandas.get_dummies`` with the columns of training."""
        wanted = options.get("columns")
        if not hasattr(table, "columns"):
            encoded = table if hasattr(table, "cat") else pandas.Series(table)
            made = self._typed(name, {"": encoded})[""]
            return function(made, *more, **options)
        if wanted is None:
            wanted = [each for each in table.columns if _is_text(table[each])]
        if self.learning:
            self._keep(name + " columns", list(wanted))
        else:
            wanted = self._back(name + " columns")
            if options.get("columns") is None:
                options["columns"] = None
        table = table.copy()
        for each, column in self._typed(name, {each: table[each] for each in wanted}).items():
            table[each] = column
        return function(table, *more, **options)

    def category(self, name: Any, values: Any) -> Any:
        """``values.astype("category")`` with the categories of training."""
        if hasattr(values, "columns"):
            table = values.copy()
            for each, column in self._typed(name, {each: values[each] for each in values.columns}).items():
                table[each] = column
            return table
        return self._typed(name, {"": values})[""]

    def factorize(self, name: Any, function: Any, values: Any, *more: Any, **options: Any) -> Any:
        """``pandas.factorize`` with the order of training; what was not there gets -1."""
        if self.learning:
            codes, kinds = function(values, *more, **options)
            self._keep(name, kinds)
            return codes, kinds
        kinds = self._back(name)
        return pandas.Index(kinds).get_indexer(pandas.Index(values)), kinds

    def cut(self, name: Any, function: Any, *given: Any, **options: Any) -> Any:
        """``pandas.cut`` and ``qcut`` with the edges of training."""
        which = "bins" if function.__name__ == "cut" else "q"
        options.update(zip(("x", which), given))
        more, values, bins = given[2:], options.pop("x"), options.pop(which)
        plain = which == "bins" and not isinstance(bins, (int, numpy.integer))
        if plain or options.get("retbins"):
            return function(values, bins, *more, **options)
        if self.learning:
            made, edges = function(values, bins, *more, retbins=True, **options)
            self._keep(name, edges)
            return made
        edges = self._back(name)
        if which == "q":
            options.pop("duplicates", None)
            options["include_lowest"] = True
            options.update(zip(("labels", "retbins", "precision", "duplicates"), more))
            options.pop("duplicates", None)
            more = ()
        return pandas.cut(values, edges, *more, **options)

    def by_group(self, name: Any, table: Any, keys: Any, compute: Any) -> Any:
        """``groupby(keys).transform(...)``: what each group got in training."""
        keys = [keys] if not isinstance(keys, (list, tuple)) else list(keys)
        if self.learning:
            made = compute()
            whole = pandas.DataFrame(made).set_axis(
                [str(index) for index in range(pandas.DataFrame(made).shape[1])], axis=1
            )
            lookup = pandas.concat([table[keys], whole], axis=1).drop_duplicates()
            if lookup.duplicated(keys).any():
                raise NeedsTable("its values differ inside a group")
            self._keep(name, lookup)
            return made
        lookup = self._back(name)
        found = table[keys].merge(lookup, on=keys, how="left", validate="m:1").set_axis(table.index)
        values = found[[each for each in lookup.columns if each not in keys]]
        return values.iloc[:, 0] if values.shape[1] == 1 else values

    def merge(self, name: Any, left: Any, right: Any, *more: Any, **options: Any) -> Any:
        """``left.merge(right, ...)``, many to one: rows whose key is not in the table get what the join gives them.

        ``right``: a table that is kept elsewhere, or a function that gives the one to keep.
        """
        name, inner = "join " + name, (more[0] if more else options.get("how", "inner")) == "inner"
        options["validate"] = options.get("validate") or "m:1"
        if self.learning:
            table = right() if callable(right) else right
            keys = _join_keys(left, table, *more, **options)
            kept = {"table": _kept(table) if callable(right) else None, "schema": table.iloc[:0].copy(), "keys": keys}
            turn = self._keep(name, kept)
            self.joined[turn] = (left, table, self.positions)
            self.kept["drops rows"] = self.kept.get("drops rows", False) or inner
        else:
            turn = self._turn(name)
            kept = self.kept[turn]
            if turn in self.beside:
                if more:
                    more, options["how"] = more[1:], "left"
                    options.update(zip(("on", "left_on", "right_on"), more))
                return self._by_given(left, self.beside[turn], kept, dict(options, how="left"), inner)
            table = kept["table"] if callable(right) else right
            if callable(right):
                options["validate"] = None  # the table is the one that training found to have each key once
                how = more[0] if more else options.get("how", "inner")
                table = _near(left, kept) if how in ("left", "inner") else table
        try:
            made = left.merge(table, *more, **options)
        except pandas.errors.MergeError as error:
            raise NeedsTable("several rows of a joined table have the same key: %s" % error) from error
        if inner:
            self._matched(left, table, kept["keys"], len(made))
        return made

    def _by_given(self, left: Any, beside: Any, kept: Any, options: Any, inner: Any) -> Any:
        """A join by what of the other table came with the rows themselves; where nothing came, it has no such row."""
        if self.positions is None or len(self.positions) != len(left) or options.get("indicator"):
            raise NeedsTable("which row is which cannot be told where a table is joined")
        schema, (mine, its) = kept["schema"], kept["keys"]
        came = beside.iloc[self.positions].reset_index(drop=True)
        there = came.notna().any(axis=1)
        shared = [one for one, other in zip(mine, its) if one == other]
        parts = {}
        for each in [each for each in schema.columns if each not in shared]:
            column = came[each] if each in came else left[mine[its.index(each)]].reset_index(drop=True).where(there)
            with contextlib.suppress(TypeError, ValueError):  # a gap among whole numbers
                column = column.astype(schema[each].dtype)
            parts[each] = column
        of, names = kept.get("names", (None, None))
        if of is None or not of.equals(left.columns):  # how the join names its columns; the same for every row
            names = left.iloc[:0].merge(schema, **dict(options, validate=None)).columns
            kept["names"] = left.columns, names
        made = _beside([left.iloc[:, index] for index in range(left.shape[1])] + list(parts.values()))
        made.columns = names
        if inner:
            made = made[there].reset_index(drop=True)
            self.positions = self.positions[there.to_numpy()]
        return made

    def _matched(self, left: Any, table: Any, keys: Any, left_over: Any) -> None:
        """Which rows an inner join leaves."""
        if self.positions is None or keys is None or len(self.positions) != len(left):
            self.positions = None
            return
        mine, its = keys
        known = table[its].drop_duplicates().set_axis(mine, axis=1)
        there = left[mine].merge(known, how="left", on=mine, indicator=True)["_merge"].to_numpy() == "both"
        self.positions = self.positions[there] if int(there.sum()) == left_over else None

    def columns(self, name: Any, compute: Any, table: Any) -> Any:
        """A choice of columns, made in training."""
        if self.learning:
            made = compute()
            self._keep(name, list(made.columns))
            return made
        return table[self._back(name)]

    def rows(self, compute: Any, *tables: Any) -> Any:
        """A choice or an order of rows that only training makes: afterwards every row passes."""
        if self.learning:
            return compute()
        return tables[0] if len(tables) == 1 else tables

    def split(self, compute: Any, *tables: Any) -> Any:
        """A split into training and test rows; afterwards every row is in both."""
        if self.learning:
            return compute()
        return [part for table in tables for part in (table, table)]

    def training(self, chosen: Any) -> Any:
        """Which rows are for training; afterwards all."""
        return chosen if self.learning else numpy.ones(len(chosen), dtype=bool)

    def scope(self, table: Any, keep: Any) -> Any:
        """The rows that ``keep`` leaves; the others are out of scope."""
        kept = keep(table)
        self._left(table.index if hasattr(table, "index") else None, kept)
        return kept

    def scope_inplace(self, table: Any, drop: Any) -> Any:
        """As ``scope``, for code that drops rows in place."""
        before = table.index
        made = drop()
        self._left(before, table)
        return made

    def like(self, name: Any, raw: Any) -> Any:
        """The rows in the shape that the notebook read them in (see ``table_of``)."""
        return value_of(raw, self.kept["shape " + name])

    def _left(self, before: Any, kept: Any) -> None:
        if self.positions is None:
            return
        if before is None or len(before) != len(self.positions) or not before.is_unique:
            self.positions = None
            return
        places = before.get_indexer(kept.index)
        self.positions = self.positions[places] if (places >= 0).all() else None

    def _typed(self, name: Any, columns: Any) -> Any:
        if self.learning:
            typed = {each: column.astype("category") for each, column in columns.items()}
            self._keep(name, {each: column.dtype for each, column in typed.items()})
            return typed
        kinds = self._back(name)
        return {each: column.astype(kinds[each]) for each, column in columns.items()}

    def _keep(self, name: Any, value: Any) -> Any:
        turn = self._turn(name)
        self.kept[turn] = value
        return turn

    def _back(self, name: Any) -> Any:
        return self.kept[self._turn(name)]

    def _turn(self, name: Any) -> Any:
        """A line that is run several times, as in a loop, learns something each time."""
        turn = self._turns[name] = self._turns.get(name, 0) + 1
        return name if turn == 1 else "%s (%d)" % (name, turn)


class NeedsTable(Exception):
    """What cannot be right on one row."""


def _join_keys(left: Any, right: Any, how: Any = None, on: Any = None, *more: Any, **options: Any) -> Any:
    """The key columns of both sides; None where rows are joined by their labels, or one side is no table."""
    del how
    if more or options.get("left_index") or options.get("right_index") or not hasattr(right, "columns"):
        return None
    mine = on if on is not None else options.get("left_on")
    its = on if on is not None else options.get("right_on")
    if mine is None:
        mine = its = [each for each in left.columns if each in right.columns]
    mine, its = (list(each) if isinstance(each, (list, tuple)) else [each] for each in (mine, its))
    there = all(each in left.columns for each in mine) and all(each in right.columns for each in its)
    return (mine, its) if there else None


def _beside(columns: Any) -> Any:
    """Columns side by side, numbered from 0: without their indexes, whose comparing takes longest for one row.

    Objects stay a series: of their array alone a newer pandas would make text.
    """
    parts = [each.reset_index(drop=True) if each.dtype == object else each.array for each in columns]
    return pandas.DataFrame(dict(enumerate(parts)))


def _near(left: Any, kept: Any) -> Any:
    """The rows of a kept table that a few rows may find there, so that one row needs no look at all of them.

    They are looked up by the key with the most values; where a key is missing, or of another dtype, it is the whole.
    """
    table, keys = kept["table"], kept["keys"]
    if keys is None or len(table) < 5_000 or len(left) > 50 or not table.columns.is_unique:
        return table
    of, index = kept.get("index", (None, None))
    if of is not table:
        index = pandas.Index(table[max(keys[1], key=lambda each: table[each].nunique())])
        kept["index"] = table, index
    asked = left[keys[0][keys[1].index(index.name)]]
    if asked.dtype != index.dtype or asked.isna().any():
        return table
    places, _ = index.get_indexer_non_unique(pandas.Index(asked.unique()))
    return table.iloc[sorted({int(place) for place in places if place >= 0}) or [0]]


def _is_text(column: Any) -> Any:
    return str(column.dtype) in ("object", "category", "str", "string") or str(column.dtype).startswith("string")


def _kept(value: Any) -> Any:
    """A copy that later lines of the notebook cannot change."""
    if hasattr(value, "iloc"):
        return value.copy()
    return copy.deepcopy(value) if isinstance(value, (dict, list, set)) else value


def _again(value: Any) -> Any:
    """What may be changed by the caller without changing what is kept."""
    return value.copy(deep=False) if hasattr(value, "iloc") else copy.copy(value)


def table_of(value: Any) -> Any:
    """What was read, as a table with one line a row, and what it takes to get it back (``value_of``).

    Tables, arrays, several arrays of one length, and scikit-learn's bundles.
    """
    if hasattr(value, "columns") and hasattr(value, "iloc"):
        return value, ("frame",)
    if hasattr(value, "iloc"):
        return value.to_frame("value"), ("series", value.name)
    if isinstance(value, dict) and "data" in value:
        rest = dict(value)
        table, inner = table_of(rest.pop("data"))
        names = rest.get("feature_names")
        if inner[0] == "array" and names is not None and len(names) == table.shape[1]:
            table = table.set_axis([str(name) for name in names], axis=1)
        target = rest.pop("target", None)
        if target is not None and getattr(target, "ndim", 1) == 1 and len(target) == len(table):
            table = table.assign(target=numpy.asarray(target))
        else:
            target = None
        rest.pop("frame", None)
        series = getattr(target, "name", None) if hasattr(target, "iloc") else None
        return table, ("bundle", type(value), inner, rest, target is not None, series, value.get("frame") is not None)
    if isinstance(value, (tuple, list)) and value and all(hasattr(part, "shape") for part in value):
        parts = [table_of(part) for part in value]
        if len({len(table) for table, _ in parts}) == 1:
            named = [
                table.set_axis(["%s%d" % ("xyzw"[number % 4], index) for index in range(table.shape[1])], axis=1)
                if shape[0] == "array"
                else table
                for number, (table, shape) in enumerate(parts)
            ]
            widths = [table.shape[1] for table in named]
            joined = pandas.concat([table.reset_index(drop=True) for table in named], axis=1)
            return joined, ("parts", type(value), [shape for _, shape in parts], widths)
    if isinstance(value, numpy.ndarray) and value.ndim in (1, 2):
        wide = value.reshape(len(value), -1)
        return pandas.DataFrame(wide, columns=["x%d" % index for index in range(wide.shape[1])]), (
            "array",
            value.ndim,
            value.dtype,
        )
    raise NeedsTable("what is read is no table: %s" % type(value).__name__)


def value_of(table: Any, shape: Any) -> Any:
    """The table as the notebook read it."""
    kind = shape[0]
    if kind == "frame":
        return table.copy()
    if kind == "series":
        return table.iloc[:, 0].rename(shape[1])
    if kind == "array":
        values = table.to_numpy(dtype=shape[2])
        return values[:, 0] if shape[1] == 1 else values
    if kind == "parts":
        parts, start = [], 0
        for inner, width in zip(shape[2], shape[3]):
            parts.append(value_of(table.iloc[:, start : start + width], inner))
            start += width
        return shape[1](parts)
    _, maker, inner, rest, has_target, series, framed = shape
    data = table.drop(columns="target") if has_target else table
    found = dict(rest, data=value_of(data, inner))
    if has_target:
        found["target"] = table["target"].rename(series) if series is not None else table["target"].to_numpy()
        if framed:
            found["frame"] = table.rename(columns={"target": series or "target"})
    return maker(**found)
