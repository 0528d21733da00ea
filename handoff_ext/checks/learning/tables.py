"""Methods of tables and columns."""

from __future__ import annotations

import ast

from handoff_ext.checks.learning.columns import column_texts, drop_columns
from handoff_ext.checks.learning.estimators import STATISTICS
from handoff_ext.checks.learning.expressions import Expressions
from handoff_ext.checks.learning.inside import data_in
from handoff_ext.checks.learning.values import (
    Data,
    Function,
    Learned,
    Place,
    Text,
)
from handoff_ext.checks.words import words

_QUIET = words(
    "plot hist show describe info head_ scatter bar barh boxplot heatmap pairplot countplot distplot print display"
)

_SAME_COLUMNS = words(
    "head tail copy dropna fillna sort_values sort_index drop_duplicates sample query astype drop groupby clip nlargest"
)
_ADDS_COLUMNS = words("insert update eval __setitem__ setdefault")


def across_columns(node: ast.Call) -> bool:
    """``axis=1``: each row for itself."""
    axis = next((each.value for each in node.keywords if each.arg == "axis"), None)
    return isinstance(axis, ast.Constant) and axis.value in (1, "columns")


def _sums_up(node: ast.Call) -> bool:
    """``agg("mean")``, ``agg({"y": "mean"})``, ``agg(rate=("y", "mean"))``."""
    given = [*node.args, *(each.value for each in node.keywords)]
    texts = {each.value for one in given for each in ast.walk(one) if isinstance(each, ast.Constant)}
    return bool(texts & STATISTICS)


class Tables(Expressions):
    """Evaluates methods of tables and columns."""

    def call_function(self, function: Function, arguments: list[object], keywords: dict[str, object]) -> object:
        """The value of a call of one of the notebook's functions."""
        raise NotImplementedError

    def assign_column(self, name: str, owner: Data, columns: tuple[str, ...], value: object) -> None:
        """A column of the table under a name is computed anew."""
        raise NotImplementedError

    def temporal(self, data: Data, why: str) -> None:
        """The rows have an order in time."""
        for rows in data.rows:
            self.story.temporal.setdefault(rows.origin, set()).add(why)

    def learned(self, kind: str, name: str, subject: Data, node: ast.AST) -> Learned:
        """Remember that something was computed over these rows."""
        learned = Learned(kind, name, subject.name, subject.rows, Place(self.cell, node))
        self.story.learned.append(learned)
        return learned

    def data_method(
        self, data: Data, node: ast.Call, method: str, arguments: list[object], keywords: dict[str, object]
    ) -> object:
        """Methods of tables and columns."""
        if method in _QUIET:
            return None
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if method == "insert" and len(arguments) > 2 and isinstance(owner, ast.Name) and column_texts(arguments[1]):
            self.assign_column(owner.id, data, column_texts(arguments[1]), arguments[2])
            return None
        if method in STATISTICS and across_columns(node):
            return data._replace(statistic=False, frame=self.fresh())
        if method in STATISTICS and not data.grouped and data.predicted_by < 0:
            return data._replace(statistic=True, tests=False, read=None)
        if method in (
            "sort_values",
            "sort_index",
            "shift",
            "rolling",
            "resample",
            "asfreq",
            "diff",
            "expanding",
            "ewm",
            "set_index",
        ):
            self.ordered(data, method, [*arguments, *keywords.values()])
        result = self.changed(data, node, method, arguments, keywords)
        if data.read is not None and method not in _SAME_COLUMNS:
            result = result._replace(read=None) if isinstance(result, Data) else result
            if (
                method in _ADDS_COLUMNS
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
            ):
                self.may_gain_columns(node.func.value.id)
        inplace = next((each.value for each in node.keywords if each.arg == "inplace"), None)
        if (
            isinstance(inplace, ast.Constant)
            and inplace.value is True
            and isinstance(result, Data)
            and isinstance(node.func, ast.Attribute)
        ):
            self.in_place(node.func.value, result)
            return None
        return result

    def in_place(self, owner: ast.expr, result: Data) -> None:
        """``frame.drop(..., inplace=True)``, ``frame["x"].fillna(..., inplace=True)``."""
        if isinstance(owner, ast.Name):
            self.names[owner.id] = result._replace(name=owner.id)
        elif isinstance(owner, ast.Subscript) and isinstance(owner.value, ast.Name):
            table = self.names.get(owner.value.id)
            if isinstance(table, Data):
                self.names[owner.value.id] = table.with_learned(*result.learned)

    def ordered(self, data: Data, method: str, values: list[object]) -> None:
        """Signs that rows are in an order of time: lags, rolling windows, dates as index or order."""
        texts = " ".join(text for value in values for text in column_texts(value)).lower()
        if method in ("shift", "rolling", "resample", "asfreq", "expanding", "ewm"):
            self.temporal(data, "lags")
        elif any(word in texts for word in ("date", "time", "timestamp", "datum", "month", "day")):
            self.temporal(data, "order")

    def changed(
        self, data: Data, node: ast.Call, method: str, arguments: list[object], keywords: dict[str, object]
    ) -> object:
        """A table or column made from another one."""
        first = arguments[0] if arguments else None
        if method == "drop":
            return self.dropped(data, node, first, keywords)
        if method == "pop" and isinstance(first, Text):
            if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
                self.names[node.func.value.id] = drop_columns(data, first.values)
            return self.column(data, first.values)
        if method in ("fillna", "replace", "clip", "where", "mask"):
            stats = [each for value in (*arguments, *keywords.values()) for each in data_in(value) if each.statistic]
            if stats and method == "fillna":
                return data.with_learned(
                    self.learned("fill", "fillna()", stats[0]._replace(name=stats[0].name or data.name), node)
                )
            if method == "fillna":
                given = [each for value in (*arguments, *keywords.values()) for each in data_in(value)]
                return data.with_learned(*(one for each in given for one in each.learned))
            if method == "replace" and isinstance(first, Data):  # by a dictionary made of groups
                return data.with_learned(*first.brought_to(data))
            return (
                data.with_learned(self.statistic(stats[0], node)) if stats and method in ("replace", "clip") else data
            )
        if method in ("apply", "map", "transform", "applymap", "pipe") and isinstance(first, Function):
            answer = self.call_function(first, [data._replace(statistic=False, read=None)], {})
            self.passed_back = []
            learned = answer.brought_to(data) if isinstance(answer, Data) else ()
            return data._replace(statistic=False).with_learned(*learned)
        if data.grouped and method == "transform" and isinstance(first, Text) and set(first.values) & STATISTICS:
            return data._replace(grouped=False).with_learned(self.learned("statistic", "groupby()", data, node))
        if method in ("map", "replace") and isinstance(first, Data):
            return data.with_learned(*first.brought_to(data))
        if method == "shift":  # of another row: yesterday's target is known today, today's price is not tomorrow's
            return data._replace(frame=-1, made_of=frozenset())
        if method == "groupby":
            return data._replace(grouped=True)
        if method in STATISTICS or method in ("agg", "aggregate", "size", "count", "first", "last", "nunique"):
            result = data._replace(grouped=False, made_of=frozenset(), frame=self.fresh())
            if data.grouped and (method in STATISTICS or (method in ("agg", "aggregate") and _sums_up(node))):
                return result._replace(learned=(), grouped_by=(self.learned("statistic", "groupby()", data, node),))
            return result
        if method == "pivot_table":
            result = data._replace(grouped=False, made_of=frozenset(), frame=self.fresh(), learned=())
            return result._replace(grouped_by=(self.learned("statistic", "pivot_table()", data, node),))
        if method == "sample":
            return self.side(data, f"sample {self.fresh()}", "train", node)
        if method in ("filter", "select_dtypes"):
            return data._replace(frame=self.fresh())
        if method == "assign":
            changed = self.mixed([data, *keywords.values()], node)
            return changed._replace(made_of=frozenset()) if isinstance(changed, Data) else data
        if method in ("merge", "join", "append", "concat", "combine_first"):
            other = [each for value in arguments[:1] for each in data_in(value)]
            learned = tuple(
                one
                for each in other
                for one in (each.learned if method in ("append", "concat") else each.brought_to(data))
            )
            rows = (
                data.rows | frozenset().union(*(each.rows for each in other))
                if method in ("append", "concat")
                else data.rows
            )
            return data._replace(rows=rows).with_learned(*learned)
        if method in (
            "to_csv",
            "to_excel",
            "to_parquet",
            "to_sql",
            "to_json",
            "to_pickle",
            "tolist",
            "to_dict",
            "items",
            "unique",
            "value_counts",
            "isnull",
            "isna",
            "duplicated",
            "equals",
        ):
            return (
                data
                if method in ("unique", "tolist", "isnull", "isna", "duplicated", "items", "value_counts", "to_dict")
                else None
            )
        return data

    def dropped(self, data: Data, node: ast.Call, first: object, keywords: dict[str, object]) -> object:
        """Columns, or the rows of a sample."""
        given = keywords.get("columns", keywords.get("labels", first))
        texts = column_texts(given)
        if texts:
            return drop_columns(data, texts)._replace(made_of=frozenset())
        other = node.args[0] if node.args else next((each.value for each in node.keywords if each.arg == "index"), None)
        if isinstance(other, ast.Attribute) and other.attr == "index" and isinstance(first, Data):
            for rows in first.rows:
                if rows.path and rows.path[-1][1] == "train":
                    return self.side(data, rows.path[-1][0], "test", node)
        open_ended = isinstance(given, Data) or (node.args and not isinstance(node.args[0], ast.Constant))
        return data._replace(frame=-1, made_of=frozenset()) if open_ended else data._replace(made_of=frozenset())
