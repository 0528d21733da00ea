"""Which functions and classes can move to ``definitions.py``: those that use no variable of the notebook."""

from __future__ import annotations

import ast
import builtins

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
    """The parameter in whose default value, which all calls share, a function may keep something; else empty."""
    function = units.flow.steps[unit.index].flow.functions.get(unit.names[0])
    changed = {each.source.name for each in function.changes} if function else set()
    tree = _tree(unit)
    for node in ast.walk(tree) if tree else ():
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
