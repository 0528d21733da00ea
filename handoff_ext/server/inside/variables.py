"""What is true of a running notebook's variables: type, size, whether they can be saved, what they share.

Runs in the notebook's own kernel, as one expression that binds no name there (``server/livekernel.py``), on Python 3.8
and up, without any package. Of the user's code nothing is called where the system can fork: what pickling calls runs
in a copy of the process, which is thrown away. Elsewhere pickling itself calls what classes say of how they are saved.
"""

import io
import json
import os
import pickle
import select
import signal
import sys
import time
import types
import warnings
from collections import deque
from enum import Enum
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple

OBJECTS = 20000
"""Objects that are looked at inside one variable."""

STEADY = (
    type(None), bool, int, float, complex, str, bytes, range, slice, type, types.ModuleType, types.FunctionType,
    types.BuiltinFunctionType, types.MethodType, types.CodeType, Enum,
)  # fmt: skip
"""Never changed in place, or not handed over: sharing these means nothing."""
STEADY_ELSEWHERE = (("pandas", "Index"), ("numpy", "generic", "dtype"), ("logging", "Logger", "Handler"))


def facts(namespace: Dict[str, Any], names: List[str], seconds: float, limit: int) -> str:
    """JSON: ``variables`` (``name``, ``type``, ``bytes``, ``saved``: yes, no, large, slow; ``error``) and ``shared``
    (``one``, ``other``, ``how``: same, part, memory). ``limit``: bytes that are pickled of one variable at most."""
    there = [name for name in names if name in namespace]
    values = [namespace[name] for name in there]
    inside = [parts(value) for value in values]
    saved = tried(values, seconds, limit)
    variables = []
    for name, value, (_, arrays), (word, size, error) in zip(there, values, inside, saved):
        kind = type(value)
        known = sum(int(array.nbytes) for array in arrays)
        home = "" if kind.__module__ in ("builtins", "__main__") else kind.__module__ + "."
        told = {"name": name, "type": home + kind.__qualname__, "bytes": max(size, known), "saved": word}
        variables.append(dict(told, error=error))
    shared = []
    for one in range(len(there)):
        for other in range(one + 1, len(there)):
            how = sharing(values[one], values[other], inside[one], inside[other])
            if how:
                shared.append({"one": there[one], "other": there[other], "how": how})
    return json.dumps({"variables": variables, "shared": shared})


def kind_of(value: Any, module: str, *names: str) -> bool:
    """Whether a value is an instance of such a class; modules that are not loaded are not loaded for it."""
    home = sys.modules.get(module)
    return home is not None and any(issubclass(type(value), vars(home)[name]) for name in names if name in vars(home))


def parts(value: Any) -> Tuple[Dict[int, Any], List[Any]]:
    """The objects inside a value that can be changed, by identity, and the arrays that hold its numbers."""
    found: Dict[int, Any] = {}
    arrays: List[Any] = []
    todo = deque([value])
    seen: Set[int] = set()
    while todo and len(seen) < OBJECTS:
        each = todo.popleft()
        if id(each) in seen or issubclass(type(each), STEADY):
            continue
        seen.add(id(each))
        if kind_of(each, "numpy", "ndarray"):
            found[id(each)] = each
            arrays.append(each)
        elif kind_of(each, "pandas", "DataFrame", "Series"):
            found[id(each)] = each
            arrays += numbers(each)
        elif any(kind_of(each, module, *names) for module, *names in STEADY_ELSEWHERE):
            continue
        else:
            if not issubclass(type(each), (tuple, frozenset)):
                found[id(each)] = each
            todo.extend(held(each))
    return found, arrays


def held(value: Any) -> Iterator[Any]:
    """What an object holds, read past any code of its class."""
    kind = type(value)
    for plain in (list, tuple, set, frozenset, deque):
        if issubclass(kind, plain):
            yield from plain.__iter__(value)
    if issubclass(kind, dict):
        yield from list(dict.values(value))
    try:
        own = object.__getattribute__(value, "__dict__")
    except Exception:
        return
    if type(own) is dict:
        yield from list(own.values())


def numbers(table: Any) -> List[Any]:
    """The arrays behind a table of pandas."""
    try:
        columns = object.__getattribute__(table, "_mgr").arrays
    except Exception:
        return []
    behind = (getattr(column, "_ndarray", column) for column in columns)
    return [column for column in behind if kind_of(column, "numpy", "ndarray")]


def copies_on_write() -> bool:
    """Whether a change of one table of pandas never shows in another."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return False
    try:
        return int(pandas.__version__.split(".")[0]) >= 3 or bool(pandas.options.mode.copy_on_write)
    except Exception:
        return False


def sharing(one: Any, other: Any, inside: Tuple[Dict[int, Any], List[Any]], others: Any) -> str:
    """How two values share something that may be changed: same, part, memory; empty where they don't."""
    if one is other:
        return "" if issubclass(type(one), STEADY) else "same"
    if inside[0].keys() & others[0].keys():
        return "part"
    if copies_on_write() and any(kind_of(each, "pandas", "DataFrame", "Series") for each in (one, other)):
        return ""
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        for first in inside[1][:50]:
            for second in others[1][:50]:
                if overlap(numpy, first, second):
                    return "memory"
    return ""


def overlap(numpy: Any, first: Any, second: Any) -> bool:
    """Whether two arrays have elements in common; where that is long to find out, whether they may."""
    try:
        return bool(numpy.shares_memory(first, second, max_work=1000))
    except Exception:
        return bool(numpy.may_share_memory(first, second))


class TooMuch(Exception):
    """There is more to save than is tried."""


class Sink:
    """Counts what is written, keeps nothing, and stops where it is too much or takes too long."""

    def __init__(self, limit: int, end: float) -> None:
        self.size, self.limit, self.end = 0, limit, end

    def count(self, size: int) -> None:
        """Add to what was written. Raises ``TooMuch``."""
        self.size += size
        if self.size > self.limit:
            raise TooMuch("large")
        if time.monotonic() > self.end:
            raise TooMuch("slow")

    def write(self, data: Any) -> int:
        """As a file's."""
        size = memoryview(data).nbytes
        self.count(size)
        return size


class Saver(pickle.Pickler):
    """Pickles as a step does that writes functions and classes by value: what they hold has to be saved too."""

    def reducer_override(self, value: Any) -> Any:
        """Functions and classes that no import finds, by what they hold."""
        if type(value) is types.FunctionType and not named(value):
            cells = [cell.cell_contents for cell in value.__closure__ or () if filled(cell)]
            return list, ([cells, list(value.__defaults__ or ()), dict(value.__kwdefaults__ or {})],)
        if issubclass(type(value), type) and not named(value):
            return str, ("class",)
        return NotImplemented


def filled(cell: Any) -> bool:
    """Whether a variable of an enclosing function has a value."""
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def named(value: Any) -> bool:
    """Whether a function or class can be found by its name in an imported module."""
    place: Any = sys.modules.get(str(value.__module__))
    if place is None or value.__module__ == "__main__":
        return False
    for part in value.__qualname__.split("."):
        place = getattr(place, part, None)
    return place is value


def saved_as(value: Any, end: float, limit: int) -> Tuple[str, int, str]:
    """Whether a value can be saved (yes, no, large, slow), in how many bytes, and the error."""
    sink = Sink(limit, end)
    try:

        def aside(buffer: Any) -> None:
            sink.count(buffer.raw().nbytes)

        Saver(sink, 5, buffer_callback=aside).dump(value)
    except TooMuch as error:
        return str(error), sink.size, ""
    except RecursionError:
        return "no", sink.size, "it holds itself too deeply"
    except BaseException as error:
        return "no", sink.size, "{}: {}".format(type(error).__name__, " ".join(str(error).split()))[:160]
    return "yes", sink.size, ""


def tried(values: List[Any], seconds: float, limit: int) -> List[Tuple[str, int, str]]:
    """Whether each value can be saved: found out in a copy of this process, where the system has that."""
    end = time.monotonic() + seconds
    copy = copied() if sys.platform.startswith("linux") else None
    if copy is None:
        return [saved_as(value, end, limit) for value in values]
    child, reading, writing = copy
    if child == 0:
        try:
            sys.stdout = sys.stderr = io.StringIO()
            for value in values:
                os.write(writing, (json.dumps(saved_as(value, end, limit)) + "\n").encode())
        finally:
            os._exit(0)
    os.close(writing)
    text = b""
    try:
        while select.select([reading], [], [], max(0.0, end + 1 - time.monotonic()))[0]:
            piece = os.read(reading, 65536)
            if not piece:
                break
            text += piece
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    told = [tuple(json.loads(line)) for line in text.decode().splitlines(True) if line.endswith("\n")]
    return told + [("slow", 0, "")] * (len(values) - len(told))


def copied() -> Optional[Tuple[int, int, int]]:
    """A copy of this process: its id (0 in the copy) and the two ends of a pipe; None where there can be none."""
    reading, writing = os.pipe()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return os.fork(), reading, writing
    except OSError:
        os.close(reading)
        os.close(writing)
        return None
