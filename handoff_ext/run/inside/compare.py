"""Compares what two runs of a notebook and one of its pipeline left: ``python compare.py REQUEST``.

Runs in the kernel's environment, where the values can be unpickled (Python 3.8 and up, standard library only).
``REQUEST`` is a JSON file: ``{"path": [folders to import from], "answer": file, "items": [{"files": [run 1, run 2,
pipeline], "keys": [...]}]}``; the answer is a list of ``{"verdict", "detail", "difference", "values"}``, one an item.
"""

from __future__ import annotations

import json
import pickle
import sys
import types
import warnings
from typing import Any

from deep import AGAIN, PIPELINE, Comparison, Differ, NotComparable  # type: ignore[import-not-found]


class Missing(Exception):
    """A run did not leave the value."""


class Reader(pickle.Unpickler):
    """Reads a pickle whose classes may have been defined in a notebook that no longer runs."""

    def find_class(self, module: str, name: str) -> Any:
        """The class or function; for what the notebook defined: the pipeline's, or a stand-in that keeps its state."""
        if module != "__main__":
            found = super().find_class(module, name)
            return remembered(found) if name in ("_make_skeleton_class", "_make_function") else found
        try:
            return super().find_class("definitions", name)
        except (ImportError, AttributeError):
            return _by_value.get(name) or stand_in(name)


def main() -> None:
    """Answer the request named on the command line."""
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    sys.path[:1] = request["path"]  # Without this script's own folder.
    warnings.simplefilter("ignore")
    answers: list[dict[str, Any]] = [{} for _ in request["items"]]
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, item in enumerate(request["items"]):
        groups.setdefault(tuple(item["files"]), []).append(number)
    for files, numbers in groups.items():
        runs = [load(path) for path in files]  # One group at a time: they may be large.
        for number in numbers:
            answers[number] = compare([pick(run, request["items"][number]["keys"]) for run in runs])
        sharing(runs, [request["items"][number]["keys"] for number in numbers], [answers[number] for number in numbers])
    with open(request["answer"], "w", encoding="utf-8") as file:
        json.dump(answers, file)


def compare(values: list[Any]) -> dict[str, Any]:
    """The verdict on one value: the notebook's first run against its second, and against the pipeline."""
    for run, value in zip(("the notebook's first run", "the notebook's second run", "the pipeline"), values):
        if isinstance(value, Missing):
            return verdict("not compared", "not known in {}: {}".format(run, value))
    first, second, pipeline = values
    again = Comparison(AGAIN)
    try:
        again.same(first, second)
    except Differ as differ:
        return verdict("unseeded", "two runs of the notebook differ ({})".format(differ))
    except (NotComparable, RecursionError) as error:
        return verdict("not compared", str(error))
    here = Comparison(PIPELINE, again.times)
    try:
        here.same(first, pipeline)
    except Differ as differ:
        return verdict("different", str(differ))
    except (NotComparable, RecursionError) as error:
        return verdict("not compared", str(error))
    if not here.values:
        # Empty on both sides, and of the same type: that is one thing known.
        here.values = 1
    detail = "measured times passed over" if here.times or again.times else ""
    return verdict("close" if here.difference else "equal", detail, here.difference, here.values)


def verdict(name: str, detail: str = "", difference: float | None = None, values: int = 0) -> dict[str, Any]:
    """An answer."""
    return {"verdict": name, "detail": detail[:300], "difference": difference, "values": values}


def sharing(runs: list[Any], keys: list[list[str]], answers: list[dict[str, Any]]) -> None:
    """Variables that are one object in the notebook have to be one object in the pipeline."""
    for one in range(len(keys)):
        for other in range(one + 1, len(keys)):
            pairs = [(pick(run, keys[one]), pick(run, keys[other])) for run in runs]
            if any(isinstance(value, Missing) or not changeable(value) for pair in pairs for value in pair):
                continue
            first, second, pipeline = (a is b for a, b in pairs)
            if first == second != pipeline and answers[other]["verdict"] in ("equal", "close"):
                how = "one object with {} in the {} only".format(keys[one][-1], "notebook" if first else "pipeline")
                answers[other].update(verdict("different", how))


def changeable(value: Any) -> bool:
    """Whether it matters that two names mean one object."""
    if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType, types.ModuleType)):
        return False
    return isinstance(value, (list, dict, set, bytearray)) or hasattr(value, "__dict__") or hasattr(value, "dtype")


def load(path: str) -> Any:
    """What a file holds, or why it cannot be had."""
    try:
        with open(path, "rb") as file:
            return Reader(file).load()
    except OSError:
        return Missing("it left nothing")
    except BaseException as error:
        return Missing("{}: {}".format(type(error).__name__, str(error)[:120]))


def pick(run: Any, keys: list[str]) -> Any:
    """The value below these keys."""
    for key in keys:
        if isinstance(run, Missing):
            return run
        if not isinstance(run, dict) or key not in run:
            return Missing("there is no {}".format(key))
        run = run[key]
    return run


def stand_in(name: str) -> type:
    """A class in place of one that is not there any more; its objects keep the state they were pickled with."""
    if name not in _stand_ins:
        _stand_ins[name] = type(name, (StandIn,), {"__module__": "__main__", "__qualname__": name})
    return _stand_ins[name]


class StandIn:
    """Takes any arguments and any state."""

    arguments: Any

    def __new__(cls, *arguments: Any, **named: Any) -> Any:
        """Without asking what the real class would do."""
        made = object.__new__(cls)
        made.arguments = (arguments, named)
        return made

    def __setstate__(self, state: Any) -> None:
        """Keep it."""
        self.state = state


def remembered(make: Any) -> Any:
    """Cloudpickle's maker of classes or functions; what it makes is what other pickles name in ``__main__``."""

    def made(*arguments: Any, **named: Any) -> Any:
        value = make(*arguments, **named)
        _by_value[value.__name__] = value
        return value

    return made


_by_value: dict[str, Any] = {}
_stand_ins: dict[str, type] = {}


if __name__ == "__main__":
    main()
