"""Answers batches for one version, in that version's own environment: standard library, the model, MLflow where needed.

``python worker.py FD MODEL_FOLDER``: FD is one end of a socket pair. Each message is four bytes of length, big-endian,
and JSON. First the worker says how loading went, then it answers one message for each it gets:

    {"rows": 2, "columns": {"distance": [100, 200], "carrier": ["AA", null]}}
    {"rows": [0.31, 0.74]}  or  {"error": "ValueError"}

It ends when the other side is gone, also while the model is computing.
"""

from __future__ import annotations

import base64
import datetime
import json
import math
import os
import socket
import struct
import sys
import threading
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any, Callable

FEW = 64
"""Up to so many rows the quick way is worth it."""


def main() -> None:
    """Load the model, then answer until the gateway goes away."""
    connection = socket.socket(fileno=int(sys.argv[1]))
    threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        model = load(sys.argv[2])
    except BaseException as error:
        send(connection, {"error": describe(error)})
        return
    send(connection, {"ready": True})
    while True:
        message = receive(connection)
        if message is None:
            return
        try:
            answer: dict[str, Any] = {"rows": model.answer(message["columns"], message["rows"])}
        except Exception as error:
            answer = {"error": describe(error)}
        send(connection, answer)


def end_with_parent() -> None:
    """Standard input is a pipe that only the gateway holds: its end means that the gateway is gone."""
    while os.read(0, 4096):
        pass
    os._exit(0)


def load(folder: str) -> Model:
    """The model in ``folder``: what ``handoff publish`` packed as its ``model.py`` loads it, else by plain MLflow.

    Args:
        folder: what MLflow wrote, on this machine.

    Raises:
        whatever loading raises.
    """
    served = packed(folder)
    if served is None:
        return Model(ThroughMlflow(folder).ask)
    # What publish packed restores training's types itself, and that way is the one whose parity was proven; so neither
    # MLflow's frame nor its enforcement of the schema is needed: the gateway has checked the rows.
    return Model(served.answer, beside("quick").quick(served, reference(folder)))


class Model:
    """A loaded model. ``ask`` takes columns, ``quick`` too where there is a quick way."""

    def __init__(self, ask: Callable[[dict[str, list[Any]]], Any], quick: Any = None) -> None:
        self.ask = ask
        self.quick = quick

    def answer(self, columns: dict[str, list[Any]], count: int) -> list[Any]:
        """One plain value a row. ``columns`` maps each name to its ``count`` values."""
        rows = plain_rows(self.few(columns) if self.quick and count <= FEW else self.ask(columns))
        if len(rows) != count:
            raise ValueError("the model gave %d answers for %d rows" % (len(rows), count))
        return rows

    def few(self, columns: dict[str, list[Any]]) -> Any:
        """The quick way; what it cannot do goes the other."""
        try:
            return self.quick(columns)
        except Exception:
            return self.ask(columns)


class ThroughMlflow:
    """Any model that MLflow can call."""

    def __init__(self, folder: str) -> None:
        import mlflow.pyfunc

        self.loaded = mlflow.pyfunc.load_model(folder)
        self.types = {column["name"]: column for column in self.loaded.metadata.get_input_schema().to_dict()}

    def ask(self, columns: dict[str, list[Any]]) -> Any:
        """Ask as any MLflow client does: with a frame of the signature's types, columns in the signature's order."""
        import pandas as pd

        named = {name: typed(values, self.types[name]) for name, values in columns.items()}
        return self.loaded.predict(pd.DataFrame(named, columns=[name for name in self.types if name in named]))


def packed(folder: str) -> Any:
    """The packed model of what ``handoff publish`` wrote, loaded without MLflow, whose import takes longer than most
    models' loading; None for other models."""
    inner = os.path.join(folder, "artifacts", "model")
    try:
        with open(os.path.join(folder, "model.py"), encoding="utf-8") as file:
            ours = "class HandedOver(" in file.read()
        with open(os.path.join(inner, "model.json"), encoding="utf-8") as file:
            package = json.load(file)["package"]
    except (OSError, ValueError, KeyError):
        return None
    if not ours:
        return None
    sys.path.insert(0, os.path.join(inner, "code"))
    return import_module(package + ".served").load(inner)


def reference(folder: str) -> dict[str, list[Any]]:
    """Reference rows that were published with the model, as columns; empty where there are none."""
    try:
        with open(os.path.join(folder, "artifacts", "reference.json"), encoding="utf-8") as file:
            kept = json.load(file)
    except (OSError, ValueError):
        return {}
    rows = kept["rows"][:200]
    return {name: [row[index] for row in rows] for index, name in enumerate(kept["columns"])} if rows else {}


def beside(name: str) -> Any:
    """A module that lies beside this script, without its folder on ``sys.path``: the model's imports come first."""
    spec = spec_from_file_location(
        "handoff_" + name, os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".py")
    )
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DTYPES = {"double": "float64", "float": "float32", "long": "int64", "integer": "int32", "boolean": "bool"}


def typed(values: list[Any], column: dict[str, Any]) -> Any:
    """The values of one column as MLflow's type of it asks."""
    import numpy as np
    import pandas as pd

    kind = column["type"]
    if kind == "datetime":
        return pd.to_datetime(pd.Series(values))
    if kind == "binary":
        return pd.Series([None if value is None else base64.b64decode(value) for value in values], dtype=object)
    if kind == "string":
        # Missing text is NaN and never None, as pandas reads it from files: encoders tell the two apart.
        text = pd.Series(["a"]).dtype
        return pd.Series([math.nan if value is None else value for value in values], dtype=text)
    dtype = DTYPES.get(kind)
    if dtype is None or (dtype[0] in "ib" and None in values):
        return pd.Series(values, dtype=object)
    return np.array([math.nan if value is None else value for value in values], dtype=dtype)


def plain_rows(result: Any) -> list[Any]:
    """What a model gave, as a list with one JSON value a row: a number, a text, a list, or a dict by output's name."""
    if hasattr(result, "to_dict") and hasattr(result, "columns"):
        names = [str(name) for name in result.columns]
        rows = result.itertuples(index=False, name=None)
        return [dict(zip(names, (plain(value) for value in row))) for row in rows]
    if isinstance(result, dict):
        columns = {str(name): plain_rows(values) for name, values in result.items()}
        return [dict(zip(columns, row)) for row in zip(*columns.values())]
    return [plain(value) for value in (result.tolist() if hasattr(result, "tolist") else result)]


def plain(value: Any) -> Any:
    """A value as JSON can hold it; what is not finite, or missing, becomes None."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, (datetime.date, datetime.datetime)):
        return None if str(value) == "NaT" else value.isoformat()
    return str(value)


def describe(error: BaseException) -> str:
    """Kind of an error, and for a missing module its name; no text that may hold a row's values or a path."""
    name = getattr(error, "name", None)
    if isinstance(error, ImportError) and name:
        return "%s: %s" % (type(error).__name__, name)
    return type(error).__name__


def receive(connection: socket.socket) -> dict[str, Any] | None:
    """The next message, or None where the other side is gone."""
    head = read_exactly(connection, 4)
    body = read_exactly(connection, struct.unpack(">I", head)[0]) if head else None
    return dict(json.loads(body)) if body else None


def read_exactly(connection: socket.socket, count: int) -> bytes | None:
    """``count`` bytes, or None at the end."""
    parts = []
    while count:
        part = connection.recv(min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send one message."""
    body = json.dumps(message, separators=(",", ":"), allow_nan=False).encode()
    connection.sendall(struct.pack(">I", len(body)) + body)


if __name__ == "__main__":
    main()
