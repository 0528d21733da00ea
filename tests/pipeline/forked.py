"""Runs cells in IPython, each run in a fork of a process that has already imported the slow libraries.

Reads one JSON request a line, {"cells": [...], "folder": ..., "wanted": [...]}, and answers with one JSON line,
{"values": {name: text}, "error": text}.
"""

import contextlib
import importlib
import io
import json
import os
import sys
import traceback

import numpy as np
import pandas as pd
from IPython.core.interactiveshell import InteractiveShell

for part in ("compose", "ensemble", "linear_model", "metrics", "model_selection", "pipeline", "preprocessing"):
    importlib.import_module(f"sklearn.{part}")
importlib.import_module("matplotlib.pyplot")

shell = InteractiveShell.instance(colors="nocolor")
shell.history_manager.enabled = False
shell.enable_gui = lambda gui: None


def text_of(value):
    """A value as text that differs where the value does."""
    if isinstance(value, (pd.DataFrame, pd.Series)):
        return f"{type(value).__name__} {value.to_json(double_precision=15)} {value.dtypes!r}"
    if isinstance(value, np.ndarray):
        return f"array {value.dtype} {value.tolist()!r}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {text_of(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}[" + ", ".join(text_of(each) for each in value) + "]"
    return repr(value)


def run(request):
    os.chdir(request["folder"])
    sys.path.insert(0, "")
    main = sys.modules["__main__"]
    for name in [name for name in vars(main) if not name.startswith("__")]:
        del main.__dict__[name]
    shell.user_module, shell.user_ns = main, vars(main)
    shell.init_user_ns()
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        for number, cell in enumerate(request["cells"]):
            result = shell.run_cell(cell, store_history=True)
            error = result.error_before_exec or result.error_in_exec
            if error is not None:
                last = "".join(traceback.format_exception_only(type(error), error))
                return {"values": {}, "error": f"cell {number}: {last}\n{cell}"}
    values = {name: text_of(shell.user_ns[name]) for name in request["wanted"] if name in shell.user_ns}
    return {"values": values, "error": ""}


def serve():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                answer = run(json.loads(line))
            except BaseException:
                answer = {"values": {}, "error": traceback.format_exc()}
            with os.fdopen(writing, "w") as pipe:
                json.dump(answer, pipe)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            answers.write(pipe.read() + "\n")
            answers.flush()
        os.waitpid(child, 0)
