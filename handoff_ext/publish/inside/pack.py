"""Packs a captured model in the interpreter that trained it.

Reads ``capture.pkl``, writes into the job's ``out`` folder: ``model/`` (what is published: the model, ``model.json``,
its code), ``rows.json`` (the hold-out as plain data with the recorded answers), ``inputs.json`` (distributions) and
``importance.json``. Where the pipeline's ``features.py`` makes the run's rows of raw ones, the model takes those, and
``parity.json`` holds raw rows of training and hold-out with what the run made of them.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import platform
import shutil
import sys
import time
import warnings
from typing import Any

from . import chosen, importance, lift, lookups, raw, rehome, rows, served, summary, worth

ROWS, FEW = 20_000, 20
CELLS = 4_000_000
COMPARED = 100_000
"""So many hold-out rows parity compares at most, the table at once; evenly spread where there are more."""


def main(job: dict[str, Any]) -> dict[str, Any]:
    """Pack. The job names ``capture``, ``folder`` (the pipeline), ``out``, ``package``, ``methods``, ``variable`` (its
    name), ``personal``; for raw rows also ``raw`` (whether to try), ``parameters`` (of the run), ``answers`` (columns
    that the answer is made from), ``unknown`` (columns that are not known when deciding) and ``resampled``.

    Returns:
        ``{"ok": True}`` with facts of the model, or ``{"problem": sentence, "hint": sentence}``.
    """
    warnings.simplefilter("ignore")
    code = os.path.join(job["out"], "model", "code")
    os.makedirs(code)
    rehome.Rehome(job["folder"], job["package"], code).install()
    try:
        with open(job["capture"], "rb") as file:
            capture = served.loaded(file)
    except ImportError as error:
        return problem("The model needs the module %s, which is not there." % error.name, "Put it beside the notebook.")
    except Exception as error:
        return problem("What the run captured of the model cannot be loaded: %s." % _sentence(error), "Run again.")
    if capture.get("model") is None:
        return problem("The run captured no model.", "Choose the model's variable and run again.")
    for part in ("holdout_x", "holdout_y", "train_x", "train_y"):
        capture[part] = rows.unlisted(capture.get(part))
    capture["model"] = served.asked_with_tables(capture["model"])
    _drop_odd_holdout(capture, job["methods"])
    asked = capture.get("holdout_x")
    if asked is None:
        asked = capture.get("train_x")
    if asked is None or not rows.several(asked):
        why = job["reason"] or "The run recorded no rows that the model is asked on."
        return problem(
            why, "Change the cell, run again." if job["reason"] else "Tag the cell that predicts, run again."
        )
    try:
        return _raw_or_prepared(job, capture, asked)
    except rows.Unsuited as error:
        return problem("The model is asked with %s, which cannot be sent as rows." % error, "Give it a table instead.")


def _raw_or_prepared(job: dict[str, Any], capture: dict[str, Any], asked: Any) -> dict[str, Any]:
    """As raw as the model can take its rows; where it keeps the prepared ones, why."""
    reason = job["reason"] or (
        "" if job["raw"] and capture.get("train_x") is not None else "What the model was fitted on is not on record."
    )
    if job["raw"] and capture.get("train_x") is not None:
        try:
            lifted = lift.lift(job, capture)
            packed = _pack(job, capture, asked, lifted)
            if "problem" not in packed:
                return dict(packed, level="raw", note=lifted.note, learned_in_run=lifted.in_run)
            reason = packed["problem"]
        except (lift.NotRaw, rows.Unsuited) as error:
            reason = str(error)
        except Exception as error:
            reason = "The feature code cannot be used apart from the notebook (%s)." % _sentence(error)
        for left in ("parity.json", os.path.join("model", "state.pkl")):
            if os.path.exists(os.path.join(job["out"], left)):
                os.unlink(os.path.join(job["out"], left))
    return dict(_pack(job, capture, asked, None), level="prepared", note=reason)


def _pack(job: dict[str, Any], capture: dict[str, Any], prepared: Any, lifted: Any) -> dict[str, Any]:
    model, folder = capture["model"], os.path.join(job["out"], "model")
    classes = _classes(model)
    recorded, source = _recorded(model, capture, prepared, job["methods"])
    asked, fitted = prepared, capture.get("train_x")
    if lifted is not None:
        asked, fitted = lifted.held if lifted.held is not None else lifted.fitted, lifted.fitted
    described = rows.describe(asked if lifted is None else lifted.described())
    if not recorded:
        return problem("The model answered to none of: %s." % ", ".join(job["methods"]), "Choose another variable.")
    columns: dict[str, Any] = {}
    for method, value in recorded.items():
        columns.update(served.named(method, value, classes))
    outputs = {name: [rows.plain(value) for value in values] for name, values in columns.items()}
    if any(len(values) != rows.count(asked) for values in outputs.values()):
        return problem("The model does not give one answer a row.", "Choose a model that does.")
    described.update(
        version=1,
        package=job["package"],
        methods=list(recorded),
        classes=classes,
        outputs=list(outputs),
        output_types={name: _output_type(values) for name, values in columns.items()},
        python=platform.python_version(),
        model=_about(model),
    )
    described.update(_dump(model.booster if isinstance(model, served.Booster) else model, folder))
    shutil.copy(served.__file__, os.path.join(folder, "code", job["package"], "served.py"))
    if lifted is not None:
        shutil.copy(raw.__file__, os.path.join(folder, "code", job["package"], "raw.py"))
        lift.write(lifted, folder, _by_value())
        described["features"] = {
            "scope": bool(lifted.model.kept["filters"]),
            "dtypes": _dtypes(prepared),
            "joined": lifted.joined,
        }
        if described["features"]["scope"]:
            described["output_types"]["in_scope"] = "boolean"
        _write(os.path.join(job["out"], "parity.json"), _parity(capture, lifted, described, outputs, classes))
    _write(os.path.join(folder, "model.json"), described)
    _write(os.path.join(job["out"], "rows.json"), _rows(asked, described, outputs, capture, source))
    inputs = _inputs(asked, fitted, described, job["personal"])
    if lifted is not None:
        inputs["lookups"] = lookups.known_keys(job["joins"], lifted.model.kept, lifted.fitted, job["personal"])
    _write(os.path.join(job["out"], "inputs.json"), inputs)
    truth = capture.get("holdout_y")
    asking = model if lifted is None else lifted.model
    weights = importance.permuted(asking, asked, truth, described, classes) if truth is not None else {}
    _write(os.path.join(job["out"], "importance.json"), weights)
    judged: dict[str, Any] = {}
    if truth is not None and fitted is not None and capture.get("train_y") is not None:
        try:
            when = lifted.when if lifted is not None else worth.moments(_both(fitted, asked))
            judged = worth.judged(asking, asked, truth, fitted, capture["train_y"], described, weights, when)
        except Exception as error:
            judged = {"reason": _sentence(error)}
    _write(os.path.join(job["out"], "columns.json"), judged)
    return {"ok": True, "rows": rows.count(asked), "format": described["format"]}


def _both(fitted: Any, asked: Any) -> Any:
    """Training rows, then those of the hold-out."""
    pandas = importlib.import_module("pandas")
    return pandas.concat([pandas.DataFrame(fitted), pandas.DataFrame(asked)], ignore_index=True)


def _drop_odd_holdout(capture: dict[str, Any], methods: list[str]) -> None:
    """A hold-out that is one bare value, that the model gives no answer a row for, or that is a few rows of which
    nobody says what really came, is none: the fitted rows serve.

    Notebooks try a model on a single row (``model.predict(X_test[0])``) more often than they judge it on all.
    """
    held, fitted = capture.get("holdout_x"), capture.get("train_x")
    if held is None or fitted is None or not rows.several(fitted):
        return
    told = capture.get("holdout_y") is not None
    if rows.several(held) and (told or rows.count(held) >= min(FEW, rows.count(fitted))):
        answers = _recorded(capture["model"], capture, held, methods)[0].values()
        if answers and all(rows.several(answer) and rows.answered(answer) == rows.count(held) for answer in answers):
            return
    capture.update(holdout_x=None, holdout_y=None, predictions={})


def _parity(
    capture: dict[str, Any],
    lifted: Any,
    described: dict[str, Any],
    outputs: dict[str, list[Any]],
    classes: Any,
) -> dict[str, Any]:
    """Raw rows of the hold-out and of training, with the inputs that the run made of them and the model's answers."""
    listed: list[Any] = []
    inputs: dict[str, list[Any]] = {}
    answers: dict[str, list[Any]] = {}
    which: list[str] = []
    total = rows.count(lifted.held) if lifted.held is not None else 0
    if total:
        kept = min(total, COMPARED, max(100, CELLS // max(1, len(described["columns"]))))
        positions = [index * total // kept for index in range(kept)]
        _append(inputs, _input_columns(rows.take(capture["holdout_x"], positions)))
        _append(answers, {name: [values[each] for each in positions] for name, values in outputs.items()})
        listed += rows.encode(lifted.held.iloc[positions], described)
        which += ["hold-out"] * len(positions)
    if lifted.positions:
        table = rows.take(capture["train_x"], lifted.positions)
        _append(inputs, _input_columns(table))
        said: dict[str, Any] = {}
        for method in described["methods"]:
            said.update(served.named(method, getattr(capture["model"], method)(table), classes))
        _append(answers, {name: [rows.plain(value) for value in values] for name, values in said.items()})
        listed += rows.encode(lifted.fitted.iloc[lifted.positions], described)
        which += ["training"] * len(lifted.positions)
    good = [index for index, row in enumerate(listed) if rows.finite(row)]
    recorded = {name: [values[index] for index in good] for name, values in dict(answers, **inputs).items()}
    listed = [listed[index] for index in good]
    return {
        "columns": [column["name"] for column in described["columns"]],
        "rows": listed,
        "predictions": recorded,
        "which": [which[index] for index in good],
        "telling": chosen.telling([*([list(each) for each in zip(*listed)]), *recorded.values()]),
        "total": total,
        "left_out": len(which) - len(good),
    }


def _dtypes(table: Any) -> list[str]:
    """The dtypes of the model's own inputs."""
    found: Any = getattr(table, "dtypes", None)
    return sorted({str(each) for each in found}) if hasattr(found, "tolist") else [str(getattr(table, "dtype", ""))]


def _append(found: dict[str, list[Any]], more: dict[str, list[Any]]) -> None:
    for name, values in more.items():
        found.setdefault(name, []).extend(values)


def _input_columns(table: Any) -> dict[str, list[Any]]:
    return {name: rows.plains(values) for name, values in raw.inputs(table).items()}


def _recorded(model: Any, capture: dict[str, Any], asked: Any, methods: list[str]) -> tuple[dict[str, Any], str]:
    """The answers recorded in the run; where it recorded none, those of the captured model now."""
    predictions = capture.get("predictions") or {}
    found = {method: predictions[method] for method in methods if predictions.get(method) is not None}
    if found:
        return found, "run"
    for method in methods:
        try:
            found[method] = getattr(model, method)(asked)
        except Exception:
            continue
    return found, "packing"


def _rows(
    asked: Any, described: dict[str, Any], outputs: dict[str, Any], capture: dict[str, Any], source: str
) -> dict[str, Any]:
    total = rows.count(asked)
    wide = max(1, len(described["columns"]) or _size(described))
    kept = min(total, ROWS, max(100, CELLS // wide))
    # Evenly spread: the order of a hold-out often means something.
    positions = [index * total // kept for index in range(kept)]
    listed = rows.encode(rows.take(asked, positions), described)
    good = [index for index, row in enumerate(listed) if rows.finite(row)]
    places = [positions[index] for index in good]
    listed_well = [listed[index] for index in good]
    truth = capture.get("holdout_y") if capture.get("holdout_x") is not None else capture.get("train_y")
    fitted = capture.get("train_x")
    return {
        "columns": [column["name"] for column in described["columns"]],
        "rows": listed_well,
        "predictions": {name: [values[position] for position in places] for name, values in outputs.items()},
        "telling": chosen.telling([list(each) for each in zip(*listed_well)]) if described["columns"] else [],
        "truth": _truth(truth, total, places),
        "baseline": _baseline(capture.get("train_y")),
        "total": total,
        "left_out": len(listed) - len(good),
        "held_out": capture.get("holdout_x") is not None,
        "fitted_rows": rows.count(fitted) if fitted is not None else 0,
        "source": source,
    }


def _truth(truth: Any, total: int, positions: list[int]) -> Any:
    """What really came, where it is one value a row."""
    if truth is None or rows.count(truth) != total:
        return None
    values = rows.plain(truth.to_numpy() if hasattr(truth, "to_numpy") else truth)
    if values and isinstance(values[0], list):
        if len(values[0]) != 1:
            return None
        values = [value[0] for value in values]
    return [values[position] for position in positions]


def _baseline(fitted: Any) -> dict[str, Any]:
    """What somebody who knows only the answers of the training rows would say: the most frequent, the mean."""
    if fitted is None or not rows.count(fitted):
        return {}
    import numpy

    values = numpy.asarray(fitted).ravel()
    kinds, counts = numpy.unique(values.astype(str) if values.dtype == object else values, return_counts=True)
    found: dict[str, Any] = {"mode": rows.plain(kinds[counts.argmax()]), "kinds": len(kinds)}
    if values.dtype.kind in "biuf":
        found["mean"] = float(numpy.mean(values.astype("float64")))
        found["median"] = float(numpy.median(values.astype("float64")))
    return found


def _inputs(asked: Any, fitted: Any, described: dict[str, Any], personal: list[str]) -> dict[str, Any]:
    reference = asked if fitted is None else fitted
    try:
        if rows.describe(reference)["container"] != described["container"]:
            reference = asked
        found = summary.summarise(reference, described, personal)
    except Exception:
        reference = asked
        found = summary.summarise(reference, described, personal)
    return {"rows": rows.count(reference), "inputs": found}


def _dump(model: Any, folder: str) -> dict[str, Any]:
    """Write the model: skops where it is there and its types allow, else pickle, by value where it must."""
    try:
        skops = importlib.import_module("skops.io")
        path = os.path.join(folder, "model.skops")
        skops.dump(model, path)
        trusted = sorted(skops.get_untrusted_types(file=path))
        if any(name.startswith("__main__.") for name in trusted):
            raise ValueError("skops names functions of the notebook, which no other process has")
        return {"format": "skops", "file": "model.skops", "trusted": trusted}
    except Exception:
        if os.path.exists(os.path.join(folder, "model.skops")):
            os.unlink(os.path.join(folder, "model.skops"))
    path = os.path.join(folder, "model.pkl")
    try:
        data, kind = pickle.dumps(model), "pickle"
        by_reference = b"__main__" in data
    except Exception:
        data, kind, by_reference = b"", "pickle", True
    if by_reference:
        data, kind = _by_value().dumps(model), "cloudpickle"
    with open(path, "wb") as file:
        file.write(data)
    return {"format": kind, "file": "model.pkl", "trusted": []}


def _by_value() -> Any:
    for name in ("cloudpickle", "joblib.externals.cloudpickle"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return pickle


def _classes(model: Any) -> Any:
    """The labels a classifier knows, as JSON values; a list of lists where it has several outputs."""
    try:
        found = model.classes_
    except Exception:
        return None
    if isinstance(found, list):
        return [rows.plain(part) for part in found]
    return rows.plain(found) if hasattr(found, "tolist") else None


def _output_type(values: Any) -> str:
    letter = getattr(getattr(values, "dtype", None), "kind", "O")
    return {"f": "double", "i": "long", "u": "long", "b": "boolean", "M": "datetime"}.get(letter, "string")


def _about(model: Any) -> dict[str, Any]:
    """Class, its last step's class and the settings a person chose, in words."""
    last = model = model.booster if isinstance(model, served.Booster) else model
    while getattr(last, "steps", None):
        last = last.steps[-1][1]
    chosen = getattr(last, "best_estimator_", None)
    if chosen is not None:
        last = chosen.steps[-1][1] if getattr(chosen, "steps", None) else chosen
    settings = {}
    try:
        settings = {name: _short(value) for name, value in sorted(last.get_params(deep=False).items())}
    except Exception:
        settings = {}
    return {
        "class": "%s.%s" % (type(model).__module__, type(model).__qualname__),
        "algorithm": type(last).__name__,
        "steps": [type(step).__name__ for _, step in getattr(model, "steps", [])],
        "settings": settings,
        "classifier": hasattr(model, "classes_") or hasattr(model, "predict_proba"),
    }


def _short(value: Any) -> Any:
    return value if isinstance(value, (bool, int, float, type(None))) else str(value)[:80]


def _size(described: dict[str, Any]) -> int:
    product = 1
    for length in described.get("shape", [])[1:]:
        product *= length
    return product


def _write(path: str, value: Any) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(json.dumps(value, allow_nan=False, separators=(",", ":"), default=str))  # far quicker than dump


def problem(message: str, hint: str) -> dict[str, Any]:
    """What stands in the way, and what to do."""
    return {"problem": message, "hint": hint, "at": time.time()}


def _sentence(error: BaseException) -> str:
    said = " ".join(str(error).split())[:160]
    return "%s: %s" % (type(error).__name__, said) if said else type(error).__name__


def stop(answer: dict[str, Any], path: str) -> None:
    """Leave the answer for the caller."""
    _write(path, answer)
    sys.stdout.flush()
