"""Which functions and classes can move to ``definitions.py``: those that use no variable of the notebook."""

from __future__ import annotations

import ast
import builtins

from handoff_ext.dataflow.sharing import dotted
from handoff_ext.pipeline.units import Unit, Units

_BUILTINS = frozenset(dir(builtins)) | {"__name__"}


def portable_definitions(units: Units) -> dict[str, Unit]:
    """The functions, classes and named lambdas that need nothing but imports and each other, by name.

    Each is bound once in the whole notebook and never changed; so are the imports it needs.
    """
    definitions = [unit for unit in units.units if unit.kind == "definition"]
    found = {unit.names[0]: unit for unit in definitions if _alone(units, unit) and _plain(units, unit)}
    while True:
        gone = {name for name, unit in found.items() if not _needs_of(units, unit) <= _available(units, found)}
        if not gone:
            return found
        found = {name: unit for name, unit in found.items() if name not in gone}


def import_units(units: Units, names: frozenset[str]) -> list[Unit]:
    """The imports that bind these names, the first one of each, in the notebook's order."""
    found: dict[int, Unit] = {}
    for name in sorted(names):
        unit = next((unit for unit in units.units if unit.kind == "import" and name in unit.names), None)
        if unit:
            found[unit.index] = unit
    return [unit for _, unit in sorted(found.items())]


def free_names(units: Units, unit: Unit) -> frozenset[str]:
    """The names that a definition needs of the notebook, now or when it is called."""
    return _needs_of(units, unit)


def remembers(units: Units, unit: Unit) -> str:
    """What a function keeps something in between its calls: the parameter with a default value that all calls share,
    or what decorates it; else empty."""
    tree = _tree(unit)
    if tree is None:
        return ""
    return _kept_in_default(units, unit, tree) or _kept_by_decorator(units, unit, tree)


def _kept_in_default(units: Units, unit: Unit, tree: ast.Module) -> str:
    function = units.flow.steps[unit.index].flow.functions.get(unit.names[0])
    changed = {each.source.name for each in function.changes} if function else set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            positional = [*node.args.posonlyargs, *node.args.args]
            values = [*node.args.defaults[::-1], *node.args.kw_defaults]
            named = [*positional[::-1][: len(node.args.defaults)], *node.args.kwonlyargs]
            pairs = zip(named, values, strict=True)
            made = [arg.arg for arg, value in pairs if isinstance(value, (ast.List, ast.Dict, ast.Set, ast.Call))]
            kept = [name for name in made if name in changed]
            if kept:
                return kept[0]
    return ""


def _kept_by_decorator(units: Units, unit: Unit, tree: ast.Module) -> str:
    """A cache shows where the function has effects or the cache is asked; a decorator of the notebook may count."""
    step, name = units.flow.steps[unit.index], unit.names[0]
    function = step.flow.functions.get(name)
    for node in (each for each in tree.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))):
        for decorator in node.decorator_list:
            called = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
            if step.known.path(called) in ("functools.lru_cache", "functools.cache"):
                asked = any(f"{name}.cache_info" in other.source for other in units.units)
                if asked or (function and (function.mutations or function.writes)):
                    return called
            makers = (other for other in units.units if other.kind == "definition" and called in other.names)
            if any((maker := _tree(other)) and _counts(maker) for other in makers):
                return called
    return ""


def _counts(tree: ast.Module) -> bool:
    """Whether a function made inside another keeps something: ``nonlocal``, an attribute, a list that grows."""
    for outer in ast.walk(tree):
        if not isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        own = {
            target.id
            for each in outer.body
            if isinstance(each, ast.Assign)
            for target in each.targets
            if isinstance(target, ast.Name)
        } | {each.name for each in outer.body if isinstance(each, ast.FunctionDef)}
        for inner in (each for each in outer.body if isinstance(each, ast.FunctionDef)):
            for node in ast.walk(inner):
                match node:
                    case ast.Nonlocal():
                        return True
                    case ast.Attribute(value=ast.Name(id=name), ctx=ast.Store()) if name in own:
                        return True
                    case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append" | "add" | "extend")) if (
                        name in own
                    ):
                        return True
    return False


def _tree(unit: Unit) -> ast.Module | None:
    try:
        return ast.parse(unit.source)
    except (SyntaxError, ValueError):
        return None


def _plain(units: Units, unit: Unit) -> bool:
    return _tree(unit) is not None and not remembers(units, unit)


def _alone(units: Units, unit: Unit) -> bool:
    name = unit.names[0]
    steady = _keeps_nothing(unit)
    # an object's method may change its class; one that keeps nothing has nothing to change unless it is mentioned
    writers = [
        index
        for index, step in units.flow.steps.items()
        if name in step.writes and (name in step.mentions or name in step.binds or not steady)
    ]
    flow = units.flow.steps[unit.index].flow
    function = flow.functions.get(unit.names[0])
    return writers == [unit.index] and function is not None and not function.writes and not flow.uncertain


def _keeps_nothing(unit: Unit) -> bool:
    """Whether it is a class without values that its objects share and could change: lists, dicts, what calls give."""
    tree = _tree(unit)
    if tree is None or not isinstance(tree.body[0], ast.ClassDef):
        return False
    values = [each.value for each in tree.body[0].body if isinstance(each, (ast.Assign, ast.AnnAssign)) and each.value]
    shared = (ast.List, ast.Dict, ast.Set, ast.Call, ast.ListComp, ast.DictComp, ast.SetComp, ast.Name)
    own = {tree.body[0].name, "__class__", "cls", "type"}
    named = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    attributes = {each.attr for each in ast.walk(tree) if isinstance(each, ast.Attribute)}
    return not any(isinstance(each, shared) for value in values for each in ast.walk(value)) and not (
        own & (named | attributes)
    )


def _needs_of(units: Units, unit: Unit) -> frozenset[str]:
    function = units.flow.steps[unit.index].flow.functions[unit.names[0]]
    return (function.reads | function.at_definition) - _BUILTINS - {unit.names[0]}


def _available(units: Units, found: dict[str, Unit]) -> frozenset[str]:
    """Portable names, and names that are one import wherever the notebook binds them."""
    sources: dict[str, set[str]] = {}
    for index, step in units.flow.steps.items():
        for name in step.flow.definitions:
            unit = units.units[index]
            sources.setdefault(name, set()).add(unit.source.strip() if unit.kind == "import" else "")
    return frozenset(found) | {name for name, every in sources.items() if len(every) == 1 and "" not in every}
