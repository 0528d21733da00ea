"""What a stranger does with a version: load it by plain MLflow, ask it, ask it once over HTTP.

``python predicts.py MODEL_FOLDER ANSWER_FILE``, in an environment made of the version's own package list.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
import traceback
import urllib.request
import warnings
from typing import Any

_DTYPES = {"double": "float64", "float": "float32", "long": "int64", "integer": "int32"}


def main(folder: str, answer: str) -> None:
    """Write what came of each step into ``answer``, also when a step fails."""
    warnings.simplefilter("ignore")
    said: dict[str, Any] = {"seconds": {}, "cut_off": cut_off()}
    try:
        _try(folder, said)
    except BaseException as error:
        said["error"] = described(error, folder)
    with open(answer, "w", encoding="utf-8") as file:
        json.dump(said, file)


def _try(folder: str, said: dict[str, Any]) -> None:
    begun = time.monotonic()
    said["at"] = "loading"
    import mlflow.pyfunc

    model = mlflow.pyfunc.load_model(folder)
    said["seconds"]["load"] = time.monotonic() - begun
    said["at"] = "predicting"
    begun = time.monotonic()
    reference = _json(os.path.join(folder, "artifacts", "reference.json"))
    schema = model.metadata.get_input_schema()
    if reference["rows"]:
        said["reference"] = outputs(model.predict(table(reference["columns"], reference["rows"], schema)))
    example_path = os.path.join(folder, "input_example.json")
    example = _json(example_path) if os.path.exists(example_path) else None
    if example:
        said["example"] = outputs(model.predict(table(example["columns"], example["data"], schema)))
    said["seconds"]["predict"] = time.monotonic() - begun
    said["at"] = "answering over HTTP"
    begun = time.monotonic()
    if example:
        body = {"dataframe_split": {"columns": example["columns"], "data": example["data"]}}
    else:
        body = {"inputs": reference["rows"][:1]}
    said["http"] = ask_over_http(model, body)
    said["seconds"]["http"] = time.monotonic() - begun
    said["at"] = ""


def table(columns: list[str], rows: list[list[Any]], schema: Any) -> Any:
    """Rows as a stranger would send them: a frame of the signature's types, or an array for tensors."""
    if schema.is_tensor_spec():
        import numpy

        return numpy.asarray(rows, dtype=schema.inputs[0].type)
    import pandas

    types = {column["name"]: column["type"] for column in schema.to_dict()}
    found = {}
    for index, name in enumerate(columns):
        values = [row[index] for row in rows]
        kind = types[name]
        if kind == "datetime":
            found[name] = pandas.to_datetime(pandas.Series([pandas.Timestamp(value) for value in values]))
        elif kind in _DTYPES:
            found[name] = pandas.Series(values, dtype=_DTYPES[kind])
        elif kind == "boolean" and None not in values:
            found[name] = pandas.Series(values, dtype="bool")
        else:
            found[name] = pandas.Series(values, dtype="object")
    return pandas.DataFrame(found)


def outputs(answer: Any) -> dict[str, list[Any]]:
    """Answers by output's name, as JSON values."""
    return {str(name): [plain(value) for value in answer[name].tolist()] for name in answer.columns}


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):  # noqa: PLR0124
        return None
    return value if isinstance(value, (str, bool, int, float, type(None), list)) else str(value)


def ask_over_http(model: Any, body: dict[str, Any]) -> Any:
    """One request to MLflow's own scoring server on this machine; the answers it gave."""
    import uvicorn
    from mlflow.pyfunc import scoring_server

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(scoring_server.init(model), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        request = urllib.request.Request(
            "http://127.0.0.1:%d/invocations" % port,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=60) as response:
            answer = json.loads(response.read())
        server.should_exit = True
        thread.join(10)
    return answer["predictions"]


def cut_off() -> dict[str, bool]:
    """What this process really cannot reach: no interface but loopback, an empty home."""
    try:
        interfaces = [name for _, name in socket.if_nameindex() if name != "lo"]
        network = not interfaces and sys.platform.startswith("linux")
    except OSError:
        network = False
    home = os.path.expanduser("~")
    return {"network": network, "home": os.path.isdir(home) and not os.listdir(home)}


def described(error: BaseException, folder: str) -> dict[str, Any]:
    """An error in words, and the line of the version's own code where it happened."""
    said = " ".join(str(error).split())[:300]
    found: dict[str, Any] = {"kind": type(error).__name__, "said": said, "module": getattr(error, "name", None)}
    inside = os.path.join(folder, "artifacts", "model", "code")
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith(inside) and os.path.basename(frame.filename) != "served.py":
            found["file"], found["line"], found["source"] = os.path.basename(frame.filename), frame.lineno, frame.line
    return found


def _json(path: str) -> Any:
    with open(path, encoding="utf-8") as file:
        return json.load(file)


if __name__ == "__main__":
    main(*sys.argv[1:])
