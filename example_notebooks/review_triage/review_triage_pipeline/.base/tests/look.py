"""Looks into what the steps handed to each other. Runs in the notebooks' own Python and needs no package itself.

python look.py FOLDER RUN_DIR < pipeline.yaml as JSON; answers with JSON.
"""

import json
import os
import pickle
import sys
from typing import Any

ROWS = 20


def main() -> None:
    """Say what is in each bundle, what the model answers, and whether it refuses a row with a column missing."""
    folder, run_dir = sys.argv[1:3]
    pipeline = json.load(sys.stdin)
    sys.path.insert(0, folder)
    found: dict[str, Any] = {"bundles": {}, "answers": None, "refuses": None}
    read: dict[str, dict[str, Any]] = {}
    for stage in pipeline["stages"]:
        for taker in stage.get("writes", {}):
            name = "{}-{}.pkl".format(stage["name"], taker)
            try:
                with open(os.path.join(run_dir, name), "rb") as file:
                    read[name] = pickle.load(file)
                found["bundles"][name] = {key: shape(value) for key, value in sorted(read[name].items())}
            except AttributeError:  # A class that only the notebooks know. The error would name a path of this machine.
                found["bundles"][name] = {"": "readable in the notebooks alone"}
    model, rows = asked(pipeline, read)
    if model is not None:
        found["answers"] = answers(model, rows[:ROWS])
        found["refuses"] = refuses(model, rows)
    print(json.dumps(found, default=str))


def asked(pipeline: dict[str, Any], read: dict[str, dict[str, Any]]) -> tuple[Any, Any]:
    """The model and the rows it is judged on, where some step is given both."""
    model = pipeline.get("model") or {}
    names = [str(model.get("variable")), str((model.get("holdout") or {}).get("x"))]
    for stage in pipeline["stages"]:
        given: dict[str, Any] = {}
        for giver in stage.get("reads", {}):
            given.update(read.get("{}-{}.pkl".format(giver, stage["name"]), {}))
        if all(name in given for name in names):
            return given[names[0]], given[names[1]]
    return None, None


def answers(model: Any, rows: Any) -> list[Any]:
    """What the model says of these rows."""
    said = model.predict(rows)
    values = said.tolist() if hasattr(said, "tolist") else list(said)
    return [value if isinstance(value, (int, float)) else str(value) for value in values]


def refuses(model: Any, rows: Any) -> Any:
    """Whether a row that lacks a column is an error; None where rows have no columns."""
    if len(getattr(rows, "columns", ())) < 2:
        return None
    try:
        model.predict(rows[:1].drop(columns=[rows.columns[0]]))
    except Exception:
        return True
    return False


def shape(value: Any) -> str:
    """The kind of a value, with its size where it has one."""
    kind = type(value).__name__
    size = getattr(value, "shape", None)
    if isinstance(size, tuple):
        return " ".join([kind, " x ".join(map(str, size))]).strip()
    return "{} {}".format(kind, len(value)) if isinstance(value, (list, tuple, dict, set)) else kind


if __name__ == "__main__":
    main()
