"""Takes values out of a running kernel without leaving a trace in it.

Runs inside a notebook's kernel (Python 3.8 and up, standard library only), as text. The kernel's own names, generators
of random numbers, streams and warning filters are as before when it returns.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import pickle
import random
import sys
import warnings
from typing import Any, Callable, Iterator


def main(request: dict[str, Any]) -> None:
    """Do what ``request["do"]`` lists, in order; leave the answers, a JSON list, in ``request["answer"]``."""
    actions: dict[str, Callable[..., dict[str, Any]]] = {"save": save, "measure": measure, "assemble": assemble}
    with unseen():
        answers = [actions[step.pop("do")](**step) for step in request["do"]]
    with open(request["answer"], "w", encoding="utf-8") as file:
        json.dump(answers, file)


def save(values: dict[str, str], to: str) -> dict[str, Any]:
    """Evaluate expressions and pickle ``{name: value}`` into the file ``to``; returns what failed, ``{name: why}``."""
    found: dict[str, Any] = {}
    problems: dict[str, Any] = {}
    for name, expression in values.items():
        try:
            found[name] = evaluate(expression)
        except BaseException as error:
            problems[name] = sentence(error)
    try:
        data = dump(found)
    except BaseException:
        # Something in it cannot be pickled: find out what, and keep the rest.
        for name in list(found):
            try:
                dump(found[name])
            except BaseException as error:
                problems[name] = "cannot be pickled: " + sentence(error)
                del found[name]
        data = dump(found)
    write(to, data)
    return problems


def measure(metrics: dict[str, str]) -> dict[str, Any]:
    """Evaluate expressions to numbers; returns ``{"values": {name: number}, "problems": {name: why}}``."""
    values: dict[str, float] = {}
    problems: dict[str, str] = {}
    for name, expression in metrics.items():
        try:
            values[name] = float(evaluate(expression))
        except BaseException as error:
            problems[name] = sentence(error)
    return {"values": values, "problems": problems}


def assemble(pieces: list[str], methods: list[str], to: str) -> dict[str, Any]:
    """Join saved pieces into one capture with the model's answers on the hold-out; returns what failed.

    The answers come from the pickled copy, so that asking cannot change the notebook's own model.
    """
    capture: dict[str, Any] = dict.fromkeys(["model", "train_x", "train_y", "holdout_x", "holdout_y"])
    problems: dict[str, Any] = {}
    for piece in pieces:
        try:
            with open(piece, "rb") as file:
                # With the notebook's names: a formula of statsmodels is evaluated once more by them.
                capture.update(eval("load(file)", dict(sys.modules["__main__"].__dict__, load=pickle.load, file=file)))
        except BaseException as error:
            problems[os.path.basename(piece)] = sentence(error)
    capture["predictions"] = predictions = {}
    if capture["holdout_x"] is not None and capture["model"] is not None:
        for method in methods:
            try:
                ask = getattr(capture["model"], method)
            except AttributeError:
                continue
            try:
                # A fresh copy for each: a model may change the table it is given.
                rows = pickle.loads(dump(capture["holdout_x"]))
                predictions[method] = ask(given(capture["model"], rows))
            except BaseException as error:
                problems[method] = sentence(error)
    try:
        write(to, dump(capture))
    except BaseException as error:
        problems["capture"] = sentence(error)
    return problems


def given(model: Any, rows: Any) -> Any:
    """What the model is asked with: for a booster of xgboost.train its own container (see ``served.Booster``)."""
    if type(model).__name__ != "Booster" or not type(model).__module__.startswith("xgboost."):
        return rows
    names = None if hasattr(rows, "columns") else model.feature_names
    return sys.modules["xgboost"].DMatrix(rows, feature_names=names, enable_categorical=True)


def evaluate(expression: str) -> Any:
    """The value of an expression among the notebook's names; names it binds itself are not kept."""
    names = sys.modules["__main__"].__dict__
    return eval(compile(expression.strip(), "<handoff>", "eval"), dict(names))


def dump(value: Any) -> bytes:
    """Pickle; by value where something was defined in the notebook itself, if the kernel has cloudpickle or joblib."""
    try:
        data = pickle.dumps(value, protocol=4)
    except Exception:
        return bytes(by_value().dumps(value, protocol=4))
    if b"__main__" in data:
        with contextlib.suppress(Exception):
            data = by_value().dumps(value, protocol=4)
    return data


def by_value() -> Any:
    """A pickle module that can take functions and classes along."""
    try:
        import cloudpickle
    except ImportError:
        try:
            from joblib.externals import cloudpickle  # type: ignore[import-untyped]
        except ImportError:
            return pickle
    return cloudpickle


def write(path: str, data: bytes) -> None:
    """Write aside, then rename."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    aside = "{}.{}".format(path, os.getpid())
    try:
        with open(aside, "wb") as file:
            file.write(data)
        os.replace(aside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(aside)
        raise


def sentence(error: BaseException) -> str:
    """An error in one line."""
    said = " ".join(str(error).split())[:200]
    return "{}: {}".format(type(error).__name__, said) if said else type(error).__name__


@contextlib.contextmanager
def unseen() -> Iterator[None]:
    """Put back generators of random numbers, streams and warning filters."""
    numpy, torch = sys.modules.get("numpy.random"), sys.modules.get("torch")
    states: list[tuple[Callable[[Any], Any], Any]] = [(random.setstate, random.getstate())]
    if numpy is not None:
        states.append((numpy.set_state, numpy.get_state()))
    if torch is not None and hasattr(torch, "get_rng_state"):
        states.append((torch.set_rng_state, torch.get_rng_state()))
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
            stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            yield
    finally:
        for put_back, state in states:
            put_back(state)
