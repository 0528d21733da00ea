"""What calls do to the objects they are given: knowledge of the libraries that notebooks use.

Silence means the worst: a method or function that is not listed may change what it is given and may keep it. Listed are
only names whose effect is the same on every kind of object that notebooks hold under them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handoff_ext.dataflow.known import (
    CHANGING,
    FRESH_FUNCTIONS,
    FRESH_METHODS,
    KEEPING_METHODS,
    KNOWN_MODULES,
    LOOKING_FUNCTIONS,
    LOOKING_METHODS,
    OWN_RESULT_METHODS,
    SHARING_FUNCTIONS,
    VIEW_ATTRIBUTES_FRESH,
)
from handoff_ext.dataflow.model import Function, Mutation, Source, Step


@dataclass(frozen=True, slots=True)
class Known:
    """What names mean where a cell stands: imported paths and functions of the notebook.

    ``custom``: names of objects whose methods may do anything, whatever they are called: instances of the notebook's
    own classes and of unknown libraries, generators of random numbers.
    """

    imports: Mapping[str, str]
    functions: Mapping[str, Function]
    custom: frozenset[str] = frozenset()

    def path(self, callee: str) -> str:
        """The dotted path of an imported callee, else an empty string."""
        root, dot, rest = callee.partition(".")
        return f"{self.imports[root]}{dot}{rest}" if root in self.imports else ""

    def makes_objects(self, name: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a class, or a function whose value may be made by a class or function of the notebook."""
        function = self.functions.get(name)
        if function is None or name in seen:
            return False
        if function.kind == "class" or function.makes:
            return True
        return any(self.makes_objects(callee, seen | {name}) for callee in function.calls)


def may_change(mutation: Mutation, known: Known, seen: frozenset[str] = frozenset()) -> bool:
    """Whether the object bound to the mutation's name may be another afterwards."""
    if mutation.source.name in known.imports:
        return False
    if not shares(mutation.source, known, seen):
        return False
    if mutation.how in ("store", "delete", "augmented", "inplace"):
        return True
    path = known.path(mutation.callee)
    method = mutation.callee.rpartition(".")[2]
    if mutation.how == "method":
        if mutation.source.name in known.custom:
            return True
        return method not in LOOKING_METHODS and method not in FRESH_METHODS
    if path:
        return _imported_changes(path, mutation.argument)
    if mutation.callee in known.functions:
        return _function_changes(known.functions[mutation.callee], mutation.argument, known, seen)
    if "." in mutation.callee:
        into = method == "to_sql" and mutation.argument in (1, "con")
        if into or mutation.callee.partition(".")[0] in known.custom:
            return True
        return method not in LOOKING_METHODS and method not in FRESH_METHODS and method not in KEEPING_METHODS
    return mutation.callee not in LOOKING_FUNCTIONS and mutation.callee not in FRESH_FUNCTIONS


def shares(source: Source, known: Known, seen: frozenset[str] = frozenset()) -> bool:
    """Whether the value at the end of the source's path may share something with the object at its beginning."""
    if source.name in known.imports:
        return False
    return all(_step_shares(step, known, seen) for step in source.path)


def _step_shares(step: Step, known: Known, seen: frozenset[str]) -> bool:
    match step.kind:
        case "mask" | "columns" | "operator":
            return False
        case "attribute":
            return step.name not in VIEW_ATTRIBUTES_FRESH
        case "method":
            return step.name not in FRESH_METHODS
        case "call":
            return _call_shares(step, known, seen)
    return True


def _call_shares(step: Step, known: Known, seen: frozenset[str]) -> bool:
    path = known.path(step.name)
    method = step.name.rpartition(".")[2]
    if path:
        if step.argument is None:
            return False
        last = path.rpartition(".")[2]
        if path in SHARING_FUNCTIONS:
            return True
        if path.partition(".")[0] in KNOWN_MODULES:
            return last[:1].isupper() and last not in FRESH_FUNCTIONS
        return True
    function = known.functions.get(step.name)
    if function:
        if step.argument is None:
            return known.makes_objects(step.name)
        return _function_returns(function, step.argument, known, seen)
    if "." in step.name:
        if step.argument is None:
            return True
        return method not in FRESH_METHODS and method not in LOOKING_METHODS and method not in OWN_RESULT_METHODS
    if step.argument is None:
        return False
    return step.name not in FRESH_FUNCTIONS


def _imported_changes(path: str, argument: int | str | None) -> bool:
    if path in CHANGING:
        return argument in (0, None)
    return path.partition(".")[0] not in KNOWN_MODULES


def _parameter(function: Function, argument: int | str | None) -> str | None:
    if isinstance(argument, int):
        return function.parameters[argument] if argument < len(function.parameters) else None
    return argument if argument in function.parameters else None


def _reach(function: Function, parameter: str, known: Known, seen: frozenset[str]) -> set[str]:
    """Names inside a function whose objects may share something with a parameter's."""
    reached, before = {parameter}, 0
    while len(reached) != before:
        before = len(reached)
        for alias in function.aliases:
            ends = {alias.target, alias.source.name}
            if ends & reached and not ends <= reached and shares(alias.source, known, seen):
                reached |= ends
    return reached


def _function_changes(function: Function, argument: int | str | None, known: Known, seen: frozenset[str]) -> bool:
    if function.kind == "class":
        return True
    name = _parameter(function, argument)
    if name is None or function.name in seen:
        return name is None
    seen |= {function.name}
    reached = _reach(function, name, known, seen)
    return any(each.source.name in reached and may_change(each, known, seen) for each in function.changes)


def _function_returns(function: Function, argument: int | str, known: Known, seen: frozenset[str]) -> bool:
    if function.kind == "class":
        return True
    name = _parameter(function, argument)
    if name is None or function.name in seen:
        return name is None
    seen |= {function.name}
    reached = _reach(function, name, known, seen)
    return any(each.name in reached and shares(each, known, seen) for each in function.returns)
