"""The rows that a model is fitted on, made by ``features.py``: the same function prepares them for the served model.

Whatever goes wrong here, the step goes on with the notebook's own rows and says why. What the function learned from the
table is left in the run's folder (``learned.pkl``), only where it makes exactly the notebook's rows.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import inspect
import io
import os
import pickle
import random
import sys
import warnings
from typing import Any, Iterator

HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = ("definitions", "features", "learned")
FILE = "learned.pkl"
TIMES = 10
"""How much more memory than the rows and the files that are read it may take to make them."""


class NotTheSame(Exception):
    """Why the notebook's rows are kept, in words that follow a colon."""


def by_features(rows: Any, run_dir: str, parameters: dict[str, Any]) -> Any:
    """The rows to fit on: those that ``features.py`` makes where they are exactly ``rows``, else ``rows``.

    Args:
        rows: as the notebook made them.
        run_dir: the run's folder, where ``learned.pkl`` goes.
        parameters: the run's, by name: those that ``features.py`` takes.
    """
    file = os.path.join(run_dir, FILE)
    try:
        if os.path.exists(file):
            os.unlink(file)  # of an earlier run
        with _unseen():
            return _made(rows, file, parameters)
    except NotTheSame as error:
        reason = str(error)
    except Exception as error:
        said = " ".join(str(error).split())[:160]
        reason = "it stops on its own (%s)" % ": ".join(each for each in (type(error).__name__, said) if each)
    print("The model is fitted on the notebook's own rows, not on those of features.py: %s." % reason)
    return rows


def compare(rows: Any, run_dir: str, parameters: dict[str, Any]) -> None:
    """As ``by_features``, where the rows cannot be handed over: the model is fitted on the notebook's."""
    by_features(rows, run_dir, parameters)


def differing(made: Any, rows: Any) -> str:
    """The first thing in which two tables, arrays or lists differ, labels of rows apart; empty where in none."""
    if type(made) is not type(rows):
        return "it makes %s instead of %s" % (type(made).__name__, type(rows).__name__)
    if hasattr(rows, "toarray"):
        same = made.shape == rows.shape and made.dtype == rows.dtype and not (made != rows).nnz
        return "" if same else "it makes other values"
    if hasattr(rows, "iloc"):
        return _differing_tables(made, rows)
    if hasattr(rows, "dtype"):
        return "" if _same_array(made, rows) else "it makes other values, %s instead of %s" % (_size(made), _size(rows))
    if isinstance(rows, (list, tuple)):
        return "" if made == rows and [*map(type, made)] == [*map(type, rows)] else "it makes other values"
    return "rows of this kind (%s) cannot be compared" % type(rows).__name__


def _differing_tables(made: Any, rows: Any) -> str:
    if made.shape != rows.shape:
        return "it makes %s instead of %s" % (_size(made), _size(rows))
    if not hasattr(rows, "columns"):
        same = made.name == rows.name and _same_column(made, rows)
        return "" if same else "it makes other values"
    if not made.columns.equals(rows.columns) or made.columns.names != rows.columns.names:
        return "it makes other columns"
    for index, label in enumerate(rows.columns):
        if not _same_column(made.iloc[:, index], rows.iloc[:, index]):
            return "column %s differs" % (label,)
    return ""


def _same_column(made: Any, rows: Any) -> bool:
    if made.dtype != rows.dtype or not made.array.equals(rows.array):
        return False
    if hasattr(rows.dtype, "categories") and not made.dtype.categories.equals(rows.dtype.categories):
        return False  # pandas takes them as a set
    return made.dtype != object or [*map(type, made)] == [*map(type, rows)]


def _same_array(made: Any, rows: Any) -> bool:
    if made.shape != rows.shape or made.dtype != rows.dtype:
        return False
    if rows.dtype != object:
        return bool(((made == rows) | ((made != made) & (rows != rows))).all())  # noqa: PLR0124
    series = importlib.import_module("pandas").Series
    return _same_column(series(made.ravel(), dtype=object), series(rows.ravel(), dtype=object))


def _size(rows: Any) -> str:
    return " x ".join(str(each) for each in rows.shape)


def _made(rows: Any, file: str, parameters: dict[str, Any]) -> Any:
    _check_room(rows, parameters)
    with _pipeline_modules() as (features, learned):
        wanted = inspect.signature(features.load).parameters
        tables = features.load(**{name: value for name, value in parameters.items() if name in wanted})
        main = next(iter(tables))
        table, shape = learned.table_of(tables.pop(main))
        begin = {"table " + name: value for name, value in tables.items()}
        begin["shape " + main] = shape
        begin.update({"setting " + name: value for name, value in parameters.items()})
        state = learned.State(None, rows=len(table), given=begin)
        made = features.transform(table, state)
        reason = differing(made, rows)
        if reason:
            raise NotTheSame(reason)
        joined = {
            turn: (left[state.kept[turn]["keys"][0]] if state.kept[turn]["keys"] else None, right, positions)
            for turn, (left, right, positions) in state.joined.items()
        }
        _write(file, {"code": code(HERE), "kept": state.kept, "joined": joined})
    if hasattr(rows, "index") and hasattr(rows, "iloc"):
        made.index = rows.index
    return made


def code(folder: str) -> str:
    """SHA-256 of the pipeline's own modules that make the rows."""
    digest = hashlib.sha256()
    for name in MODULES:
        path = os.path.join(folder, name + ".py")
        if os.path.exists(path):
            with open(path, "rb") as source:
                digest.update(source.read())
    return digest.hexdigest()


def _write(file: str, value: Any) -> None:
    try:
        data = _pickled(value)
    except Exception as error:
        raise NotTheSame("what it learned cannot be kept in a file (%s)" % type(error).__name__) from error
    os.makedirs(os.path.dirname(file) or ".", exist_ok=True)
    aside = "%s.%d" % (file, os.getpid())
    try:
        with open(aside, "wb") as target:
            target.write(data)
        os.replace(aside, file)
    finally:
        if os.path.exists(aside):
            os.unlink(aside)


def _pickled(value: Any) -> bytes:
    """By value where something has no module: functions without a name, what the notebook itself defines."""
    with contextlib.suppress(Exception):
        data = pickle.dumps(value, protocol=4)
        if b"__main__" not in data:
            return data
    for name in ("cloudpickle", "joblib.externals.cloudpickle"):
        with contextlib.suppress(ImportError):
            return bytes(importlib.import_module(name).dumps(value, protocol=4))
    return pickle.dumps(value, protocol=4)


@contextlib.contextmanager
def _pipeline_modules() -> Iterator[Any]:
    """``features`` and ``learned`` of the pipeline; the notebook may have modules of these names, too."""
    before = {name: sys.modules.get(name) for name in MODULES}
    for name, module in before.items():
        if module is not None and os.path.dirname(os.path.abspath(getattr(module, "__file__", None) or "")) != HERE:
            del sys.modules[name]
    sys.path.insert(0, HERE)
    try:
        yield importlib.import_module("features"), importlib.import_module("learned")
    finally:
        sys.path.remove(HERE)
        for name, module in before.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module


@contextlib.contextmanager
def _unseen() -> Iterator[None]:
    """Put back generators of random numbers, streams, figures and warning filters."""
    numpy, torch = sys.modules.get("numpy.random"), sys.modules.get("torch")
    pyplot = sys.modules.get("matplotlib.pyplot")
    figures = pyplot.get_fignums() if pyplot is not None else []
    states: list[Any] = [(random.setstate, random.getstate())]
    if numpy is not None:
        states.append((numpy.set_state, numpy.get_state()))
    if torch is not None and hasattr(torch, "get_rng_state"):
        states.append((torch.set_rng_state, torch.get_rng_state()))
        if torch.cuda.is_available() and torch.cuda.is_initialized():
            states.append((torch.cuda.set_rng_state_all, torch.cuda.get_rng_state_all()))
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(_silent())
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            yield
    finally:
        for put_back, state in states:
            put_back(state)
        if pyplot is not None:
            for number in set(pyplot.get_fignums()) - set(figures):
                pyplot.close(number)


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """What is printed or shown goes nowhere."""
    with contextlib.ExitStack() as stack:
        if "IPython" in sys.modules:
            stack.enter_context(importlib.import_module("IPython.utils.capture").capture_output())
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        yield


def _check_room(rows: Any, parameters: dict[str, Any]) -> None:
    """A step that ran before must not run out of memory for this.

    Raises:
        NotTheSame: it might.
    """
    files = [value for value in parameters.values() if isinstance(value, str) and os.path.isfile(value)]
    read = sum(os.path.getsize(path) for path in files)
    size = rows.memory_usage(deep=False) if hasattr(rows, "memory_usage") else getattr(rows, "nbytes", 0)
    if TIMES * max(read, int(size.sum() if hasattr(size, "sum") else size)) > room():
        raise NotTheSame("there is too little memory left to make them a second time")


def room() -> float:
    """Bytes of memory that are free for this process; infinite where that cannot be told."""
    free = float("inf")
    with contextlib.suppress(OSError, ValueError, StopIteration), open("/proc/meminfo", encoding="ascii") as file:
        free = next(float(line.split()[1]) * 1024 for line in file if line.startswith("MemAvailable"))
    with contextlib.suppress(OSError, ValueError, StopIteration):  # a container's own bound
        group = "/sys/fs/cgroup/memory."
        with open(group + "max", encoding="ascii") as most, open(group + "current", encoding="ascii") as now:
            bound = float(most.read()) - float(now.read())
        with open(group + "stat", encoding="ascii") as file:
            spare = next(float(line.split()[1]) for line in file if line.startswith("inactive_file"))
        free = min(free, bound + spare)
    return free
