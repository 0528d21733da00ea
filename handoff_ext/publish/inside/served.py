"""The packed model as it is served: rows by column in, answers by column out. Travels in every published version.

``model.json`` beside the model says how its rows looked in training (container, columns, dtypes); what arrives as JSON
or as an MLflow frame is brought back to exactly that before the model is asked.
"""

from __future__ import annotations

import copy
import importlib
import json
import math
import os
import pickle
import sys
from typing import Any


def load(folder: str) -> Served:
    """The model in ``folder``, as ``pack`` left it.

    Raises:
        whatever unpickling raises.
    """
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        described = json.load(file)
    code = os.path.join(folder, "code")
    if code not in sys.path:
        sys.path.insert(0, code)
    path = os.path.join(folder, described["file"])
    if described["format"] == "skops":
        skops = importlib.import_module("skops.io")
        model = skops.load(path, trusted=described["trusted"])
    else:
        with open(path, "rb") as file:
            model = loaded(file)
    model = asked_with_tables(model)
    if "features" in described:
        model = importlib.import_module(described["package"] + ".raw").load(model, folder, described["package"])
    return Served(model, described)


def loaded(file: Any) -> Any:
    """What is pickled there.

    A model fitted by a formula of statsmodels evaluates it once more when loaded, with the names that it finds where
    loading is called: numpy, pandas and the notebook's own functions are there.
    """
    try:
        return pickle.load(file)
    except Exception:
        if "statsmodels" not in sys.modules:
            raise
    file.seek(0)
    names: dict[str, Any] = {}
    for module in [each for name, each in sys.modules.items() if name.rpartition(".")[2] == "definitions"]:
        names.update({name: value for name, value in vars(module).items() if not name.startswith("_")})
    for alias, name in (("np", "numpy"), ("numpy", "numpy"), ("pd", "pandas"), ("math", "math")):
        names[alias] = importlib.import_module(name)
    return eval("load(file)", dict(names, load=pickle.load, file=file))


def asked_with_tables(model: Any) -> Any:
    """The model, or one that stands before it and takes tables."""
    booster = type(model).__name__ == "Booster" and type(model).__module__.startswith("xgboost.")
    return Booster(model) if booster else model


class Booster:
    """A booster of ``xgboost.train``: asked with a table, of which it makes the ``DMatrix`` that it wants."""

    def __init__(self, booster: Any) -> None:
        self.booster = booster

    def predict(self, table: Any) -> Any:
        """The booster's answers."""
        names = None if hasattr(table, "columns") else self.booster.feature_names
        matrix = importlib.import_module("xgboost").DMatrix(table, feature_names=names, enable_categorical=True)
        return self.booster.predict(matrix)


class Served:
    """A loaded model with the description of its rows."""

    def __init__(self, model: Any, described: dict[str, Any]) -> None:
        self.model = model
        self.described = described

    def answer(self, rows: Any, inputs: bool = False) -> dict[str, Any]:
        """Answers for ``rows``: a mapping of column to values (a pandas frame is one), or nested lists for tensors.

        ``inputs``: also the model's own inputs that were made of raw rows, as ``input <name>``.

        Returns:
            output name to a list of plain values or an array, one a row, in the order of ``described["outputs"]``;
            ``in_scope`` where the notebook filters rows. A row out of scope has no answer.
        """
        if "features" in self.described:
            return self._of_raw(container(rows, self.described), inputs)
        answers: dict[str, Any] = {}
        for method in self.described["methods"]:
            # Asked with a table of its own each time: a model may change what it is given.
            value = getattr(self.model, method)(container(rows, self.described))
            answers.update(named(method, value, self.described["classes"]))
        return {name: answers[name] for name in self.described["outputs"]}

    def _of_raw(self, table: Any, inputs: bool) -> dict[str, Any]:
        found: dict[str, list[Any]] = {name: [None] * len(table) for name in self.described["outputs"]}
        scope = [False] * len(table)
        show = sys.modules[type(self.model).__module__].inputs
        for positions, prepared in self._prepared(table, scope):
            answers = dict(show(prepared)) if inputs else {}
            answers.update(self.of_prepared(prepared))
            for name, values in answers.items():
                if name in found or inputs:
                    column = found.setdefault(name, [None] * len(table))
                    for position, one in zip(positions, values):
                        column[position] = one
                        scope[position] = True
        if self.described["features"]["scope"]:
            found["in_scope"] = scope
        return found

    def of_prepared(self, prepared: Any) -> dict[str, Any]:
        """What the model behind the feature code answers to its own inputs."""
        answers: dict[str, Any] = {}
        for method in self.described["methods"]:
            value = getattr(self.model.model, method)(copy.copy(prepared))
            answers.update(named(method, value, self.described["classes"]))
        return answers

    def _prepared(self, table: Any, scope: list[bool]) -> Any:
        """Rows that the notebook's code stops at are in scope and have no answer."""
        try:
            return self.model.prepared(table)
        except Exception:
            if len(table) == 1:
                scope[0] = True
                return []
            raise


def named(method: str, value: Any, classes: Any) -> dict[str, Any]:
    """A method's answer as columns: ``prediction``, ``probability_<class>``, ``score``; several are numbered."""
    base = {"predict": "prediction", "predict_proba": "probability", "decision_function": "score"}.get(method, method)
    if isinstance(value, (list, tuple)) and value and getattr(value[0], "ndim", 0) == 2:
        found = {}
        for index, part in enumerate(value):
            labels = classes[index] if isinstance(classes, list) and len(classes) == len(value) else None
            found.update(_columns("%s_%d" % (base, index), part, labels))
        return found
    if hasattr(value, "columns"):
        return {"%s_%s" % (base, name): value.iloc[:, index].to_numpy() for index, name in enumerate(value.columns)}
    if hasattr(value, "toarray"):
        value = value.toarray()
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    return _columns(base, value, classes if method == "predict_proba" else None)


def _columns(base: str, value: Any, labels: Any) -> dict[str, Any]:
    if getattr(value, "ndim", 1) < 2:
        return {base: value}
    value = value.reshape(len(value), -1)
    width = value.shape[1]
    if width == 1 and labels is None:
        return {base: value[:, 0]}
    names = labels if labels is not None and len(labels) == width else range(width)
    return {"%s_%s" % (base, name): value[:, index] for index, name in enumerate(names)}


def container(rows: Any, described: dict[str, Any]) -> Any:
    """Rows as the model saw them in training: frame, series, list, array or sparse matrix, with their dtypes."""
    kind, columns = described["container"], described["columns"]
    if kind == "frame":
        return _frame(rows, columns)
    if kind == "series":
        return restore(_values(rows, columns[0]), columns[0])
    if kind == "list":
        return list(_values(rows, columns[0]))
    import numpy

    if kind == "tensor":
        return numpy.asarray(rows, dtype=described["dtype"])
    dtype = described["dtype"]
    parts = [_numbers(_values(rows, column), dtype) for column in columns]
    if described["ndim"] == 1:
        return parts[0]
    table = numpy.column_stack(parts)
    if kind == "sparse":
        return importlib.import_module("scipy.sparse").csr_matrix(table)
    return table


def _frame(rows: Any, columns: list[dict[str, Any]]) -> Any:
    import pandas

    series = [restore(_values(rows, column), column) for column in columns]
    # Without their indexes; but of an array of objects alone a newer pandas would make text.
    arrays = {index: each if each.dtype == object else each.array for index, each in enumerate(series)}
    frame = pandas.DataFrame(arrays)
    labels = [_label(column) for column in columns]
    frame.columns = pandas.Index(labels) if not any(isinstance(name, tuple) for name in labels) else labels
    return frame


def _label(column: dict[str, Any]) -> Any:
    label = column.get("label", column["name"])
    return tuple(label) if isinstance(label, list) else label


def _values(rows: Any, column: dict[str, Any]) -> Any:
    if column["name"] in rows:
        return rows[column["name"]]
    # An optional column that was not sent: nothing is known of it in any row.
    first = next(iter(rows.values())) if isinstance(rows, dict) else rows
    return [None] * len(first)


def _numbers(values: Any, dtype: str) -> Any:
    import numpy

    if dtype == "object" or dtype.startswith(("<U", "|S", "str")):
        return numpy.array(list(values), dtype=dtype)
    if isinstance(values, list):
        values = [math.nan if value is None else value for value in values]
    array = numpy.asarray(values, dtype="float64" if dtype == "bool" else None)
    if numpy.dtype(dtype).kind in "iu" and array.dtype.kind not in "iub":
        whole = array.astype("float64")
        return whole if numpy.isnan(whole).any() else whole.astype(dtype)
    return array.astype(dtype)


def restore(values: Any, column: dict[str, Any]) -> Any:
    """One column as a pandas series of its dtype in training, its missing values as they were there."""
    import pandas

    kind, dtype = column["kind"], column["dtype"]
    if kind == "number" and column["numpy"] and dtype != "object":
        return pandas.Series(_numbers(_plain(values), dtype))
    listed: Any = [None if _missing(value) else value for value in values]
    if kind == "category":
        known = {_text(value): index for index, value in enumerate(column["categories"])}
        codes = [-1 if value is None else known.get(_text(value), -1) for value in listed]
        whole = pandas.Index(column["categories"], dtype=column.get("categories_dtype"))
        return pandas.Series(pandas.Categorical.from_codes(codes, whole, ordered=column["ordered"]))
    if kind == "date":
        # One by one: JSON spells whole seconds and fractions differently, and to_datetime wants all alike.
        moments = pandas.Series([pandas.NaT if value is None else pandas.Timestamp(value) for value in listed])
        zone = dtype[:-1].split(", ")[1] if "," in dtype else None
        moments = pandas.to_datetime(moments, utc=zone is not None)
        return moments.dt.tz_convert(zone).astype(dtype) if zone else moments.astype(dtype)
    if kind == "duration":
        return pandas.Series(pandas.to_timedelta(listed, unit="s")).astype(dtype)
    if dtype == "bool":
        whole_column = all(value is not None for value in listed)
        return pandas.Series([bool(v) for v in listed]) if whole_column else pandas.Series(listed, dtype="object")
    if dtype == "object":
        missing = None if column.get("missing") == "none" else math.nan
        return pandas.Series([missing if value is None else value for value in listed], dtype="object")
    return pandas.Series(listed).astype(dtype) if kind == "number" else pandas.Series(listed, dtype=dtype)


def _plain(values: Any) -> Any:
    """Lists stay; arrays and series of objects (numbers with nulls) become lists."""
    if isinstance(values, list):
        return values
    if getattr(getattr(values, "dtype", None), "kind", "") == "O":
        return [None if _missing(value) else value for value in values]
    return values.to_numpy() if hasattr(values, "to_numpy") else values


def _missing(value: Any) -> bool:
    if value is None:
        return True
    try:
        return not bool(value == value)  # noqa: PLR0124 - NaN and NaT differ from themselves
    except (TypeError, ValueError):
        return type(value).__name__ == "NAType"


def _text(value: Any) -> str:
    """One spelling for 3, 3.0 and True, False as JSON and pandas may give them back."""
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
        return str(bool(value))
    if isinstance(value, (int, float)) or hasattr(value, "__float__"):
        number = float(value)
        return str(int(number)) if number.is_integer() else repr(number)
    return str(value)
