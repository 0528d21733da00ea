"""What cannot be handed over in a file, and what needs more than plain pickle."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from handoff_ext.cells.python import parse_cell
from handoff_ext.contracts.change import NotebookChange
from handoff_ext.dataflow.model import Definition
from handoff_ext.dataflow.resources import ENVIRONMENT
from handoff_ext.pipeline.bound import REPEAT, bound_to_process, made_again
from handoff_ext.pipeline.handing import Incoming
from handoff_ext.pipeline.places import Again, Inseparable
from handoff_ext.pipeline.units import Units


def check_transport(units: Units, stage: str, taken: Incoming) -> None:
    """Raise ``Inseparable`` for a name whose value means something in one process only."""
    for name, source in sorted(taken.stage.items()):
        if name == "<random numbers of tensorflow>":
            raise Inseparable(
                f"Step {stage} goes on with TensorFlow's random numbers, whose state cannot be handed over.",
                f"Seed them again at the beginning of step {stage}, or give those cells the same step.",
                (source, stage),
            )
        if name == ENVIRONMENT:
            cell = units.units[taken.maker[name]].cell.index + 1
            raise Inseparable(
                f"Cell {cell} (step {source}) sets environment variables to computed values, step {stage} reads them.",
                "Give those cells the same step, or pass the values on as names of the notebook.",
                (source, stage),
            )
        if name.startswith("<"):
            continue
        found = made_of(units, name, taken.maker[name])
        if found is None:
            continue
        unit, definition = found
        _check_late(units, stage, source, name, unit)
        _check_handlers(units, stage, source, name, definition)
        what = _unmovable(units, unit, definition)
        if what:
            maker = units.units[unit].cell
            change = _repeated(units, name, unit) if unit == taken.maker[name] else None
            raise Inseparable(
                f"`{name}` (cell {maker.index + 1}, line {definition.position.line}) is {what}, which cannot be handed "
                f"from step {source} to step {stage}.",
                f"Give the cells that use `{name}` the same step, or "
                + (f"tag cell {maker.index + 1} {REPEAT}: each step makes its own." if change else "move the cut."),
                (source, stage),
                Again(name, change) if change else None,
            )


def _check_handlers(units: Units, stage: str, source: str, name: str, definition: Definition) -> None:
    """A logger is found by its name in every process; what the notebook's own class was told to do there is not."""
    if "getLogger" not in definition.made:
        return
    for unit in units.units:
        known = units.flow.steps[unit.index].known
        calls = {call.callee for call in units.flow.steps[unit.index].flow.calls}
        own = (each for each in calls & set(known.functions) if known.functions[each].kind == "class")
        if f"{name}.addHandler" in calls and (handler := next(own, "")):
            raise Inseparable(
                f"`{name}` is given a `{handler}` in cell {unit.cell.index + 1}, which step {stage} would not have.",
                "Give the cells that use it the same step.",
                (source, stage),
            )


def _check_late(units: Units, stage: str, source: str, name: str, unit: int) -> None:
    """A lambda in a value looks its variables up when it is called: handed over, it has them as they were then."""
    tree = parse_cell(units.units[unit].source).tree
    lambdas = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)] if tree else []
    free: set[str] = set()
    for node in lambdas:
        own = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
        loaded = {each.id for each in ast.walk(node.body) if isinstance(each, ast.Name)}
        free |= loaded - own
    if not free:
        return
    last = max((each.index for each in units.units if name in units.flow.steps[each.index].mentions), default=-1)
    for other in units.units:
        changed = free & units.flow.steps[other.index].writes if unit < other.index <= last else frozenset()
        if changed and other.kind in ("code", "parameter"):
            late = min(changed)
            raise Inseparable(
                f"`{name}` (cell {units.units[unit].cell.index + 1}) holds a function that reads `{late}`, which cell "
                f"{other.cell.index + 1} changes: handed from step {source} to step {stage}, it would not see that.",
                f"Give those cells the same step, or pass `{late}` as an argument.",
                (source, stage),
            )


def _repeated(units: Units, name: str, unit: int) -> NotebookChange | None:
    """The tag that has each step make the object itself; None where that would not be the same."""
    whole = units.units[unit]
    tree = parse_cell(whole.source).tree
    imports = units.flow.steps[unit].known.imports
    if tree is None or name not in {made_again(node, imports) for node in tree.body}:
        return None
    return NotebookChange(tags={whole.cell.id: tuple(sorted({*whole.cell.tags, REPEAT}))})


def by_value(units: Units, names: Mapping[str, int]) -> bool:
    """Whether a bundle may hold functions that cannot be found by name: lambdas, functions made by functions."""
    for name, maker in names.items():
        found = made_of(units, name, maker)
        if found is None:
            continue
        unit, definition = found
        step = units.flow.steps[unit]
        if definition.lambdas or definition.kind in ("function", "class", "lambda"):
            return True
        function = step.known.functions.get(definition.made.removesuffix("()"))
        if function and function.makes:
            return True
        if any(
            other in step.known.functions
            and (step.known.functions[other].kind == "lambda" or step.known.functions[other].makes)
            for other in units.flow.ties.get(maker, {}).get(name, {})
        ):
            return True
    return False


def made_of(units: Units, name: str, maker: int) -> tuple[int, Definition] | None:
    """The last definition of a name at or before a unit."""
    for index in range(maker, -1, -1):
        definition = units.flow.steps[index].flow.definitions.get(name)
        if definition is not None and (index == maker or name in units.flow.steps[index].writes):
            return index, definition
    return None


def _unmovable(units: Units, unit: int, definition: Definition) -> str:
    if definition.made == "generator":
        return "a generator"
    if not definition.made.endswith("()"):
        return ""
    callee = definition.made.removesuffix("()")
    known = units.flow.steps[unit].known
    path = known.path(callee)
    if not path and callee in known.functions:
        return "a generator" if known.functions[callee].generates else ""
    return bound_to_process(callee, path)
