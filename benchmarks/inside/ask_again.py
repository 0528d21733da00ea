"""Asks a packed model with the raw rows of its hold-out, found again by order and by row label.

Run by the interpreter of the notebook's kernel, in the pipeline's folder. Reads ``{"packed", "capture", "parameters"}``
from standard input; writes ``{"by order", "by label", "recorded"}``, lists of answers to ``predict``, to standard
output. ``by label`` is null where the truth of the hold-out does not carry row labels of the table that was read.
"""

import importlib
import inspect
import json
import os
import pickle
import sys


def main():
    given = json.load(sys.stdin)
    sys.path.insert(0, os.getcwd())
    folder = os.path.join(given["packed"], "model")
    with open(os.path.join(folder, "model.json")) as file:
        described = json.load(file)
    sys.path.insert(0, os.path.join(folder, "code"))
    served = importlib.import_module(described["package"] + ".served").load(folder)
    with open(os.path.join(given["packed"], "parity.json")) as file:
        parity = json.load(file)
    with open(given["capture"], "rb") as file:
        capture = pickle.load(file)
    which = "hold-out" if "hold-out" in parity["which"] else "training"
    asked = [row for row, kind in zip(parity["rows"], parity["which"]) if kind == which]
    by_order = answers(served, {name: [row[i] for row in asked] for i, name in enumerate(parity["columns"])})
    by_label = None
    labels = capture["holdout_y"].index if hasattr(capture.get("holdout_y"), "index") else None
    if which == "hold-out" and hasattr(labels, "isin") and len(labels) == len(by_order):
        features = importlib.import_module("features")
        wanted = inspect.signature(features.load).parameters
        tables = features.load(**{name: each for name, each in given["parameters"].items() if name in wanted})
        table = next(iter(tables.values()))
        if hasattr(table, "loc") and table.index.is_unique and labels.isin(table.index).all():
            found = table.loc[labels]
            names = [column.get("label", column["name"]) for column in described["columns"]]
            if truth_in(found, capture["holdout_y"]) and all(name in found.columns for name in names):
                by_label = answers(served, {str(name): found[name].reset_index(drop=True) for name in names})
    if which == "hold-out":
        own = capture["predictions"].get("predict")
    else:  # a sample of the training rows was asked, with the answers of the captured model beside them
        own = next(values for name, values in parity["predictions"].items() if name.startswith("prediction"))
        own = [each for each, kind in zip(own, parity["which"]) if kind == which]
    print()
    print(json.dumps({"by order": by_order, "by label": by_label, "recorded": plain(own)}, default=str))


def truth_in(found, truth):
    """Whether the labels are those of the table: a column of it says, row by row, what really came."""
    pandas = importlib.import_module("pandas")
    if getattr(truth, "ndim", 1) != 1 or truth.nunique() < 2:
        return False
    codes = pandas.factorize(truth)[0].tolist()
    return any(pandas.factorize(found.iloc[:, i])[0].tolist() == codes for i in range(found.shape[1]))


def answers(served, table):
    found = served.answer(table)
    columns = [plain(values) for name, values in found.items() if name.startswith("prediction")]
    return columns[0] if len(columns) == 1 else [list(row) for row in zip(*columns)]


def plain(values):
    return [each.tolist() if hasattr(each, "tolist") else each for each in values]


if __name__ == "__main__":
    main()
