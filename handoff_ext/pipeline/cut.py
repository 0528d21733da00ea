"""Cut a notebook into stages: what runs where, what stands before it, what is handed on."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handoff_ext.cells.python import parse_cell
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.dataflow.notebook import BUILTINS
from handoff_ext.pipeline.bound import REPEAT
from handoff_ext.pipeline.handing import Incoming, hand_over
from handoff_ext.pipeline.needs import Need, Needs, needs_of, unit_needs
from handoff_ext.pipeline.places import Inseparable, place, said
from handoff_ext.pipeline.portable import portable_definitions, remembers
from handoff_ext.pipeline.replaying import settings_of
from handoff_ext.pipeline.transport import check_transport
from handoff_ext.pipeline.units import Unit, Units


@dataclass(frozen=True, slots=True)
class StageCut:
    """One stage. ``cells``: indices of the cells whose code it runs; ``pulled``: those of them without a tag, with the
    need that brought them in. ``used``: units of other kinds than code that it needs; ``copies``: those of them that it
    repeats from other cells; ``imported``: names of those that it imports. ``reads``: names handed over, by stage.
    """

    name: str
    cells: tuple[int, ...]
    pulled: Mapping[int, Need]
    copies: tuple[Unit, ...]
    parameters: tuple[str, ...]
    imported: frozenset[str]
    incoming: Incoming
    used: frozenset[int]
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cut:
    """A notebook cut into stages, in the order they run; ``portable``: definitions that move to ``definitions.py``."""

    units: Units
    stages: tuple[StageCut, ...]
    portable: Mapping[str, Unit]
    left_out: tuple[int, ...]

    def stage_of(self, cell: int) -> StageCut | None:
        """The stage that runs the code of the cell at an index."""
        return next((stage for stage in self.stages if cell in stage.cells), None)


def cut(units: Units, tagged: Mapping[int, str], skipped: frozenset[int] = frozenset()) -> Cut:
    """Cut at the tags: ``tagged`` maps indices of cells to stages; cells in ``skipped`` must not be needed.

    Raises ``Inseparable`` where two stages cannot be cut apart and ``HandoffError`` where a cell cannot run at all.
    """
    code = {unit.cell.index for unit in units.units if unit.kind == "code"}
    portable = portable_definitions(units)
    needs = needs_of(units, [cell for cell in tagged if cell in code], {unit.index for unit in portable.values()})
    _check_cells(units, needs, skipped)
    _check_repeated(units)
    order, placed = place(units, needs, {cell: stage for cell, stage in tagged.items() if cell in code})
    incoming = hand_over(units, needs, order, placed)
    stages = tuple(_stage(units, needs, name, placed, incoming[name], portable) for name in order)
    for stage in stages:
        check_transport(units, stage.name, stage.incoming)
    _check_memory(units, stages)
    used = {units.units[index].cell.index for stage in stages for index in stage.used} | set(placed)
    used |= {unit.cell.index for stage in stages for name in stage.imported for unit in [portable[name]]}
    left_out = tuple(cell.index for cell in units.notebook.code if cell.index >= 0 and cell.index not in used)
    return Cut(units, stages, portable, left_out)


def _stage(
    units: Units,
    needs: Needs,
    name: str,
    placed: Mapping[int, str],
    incoming: Incoming,
    portable: Mapping[str, Unit],
) -> StageCut:
    cells = tuple(sorted(cell for cell, stage in placed.items() if stage == name))
    own = set(cells)
    beside = {index for cell in cells for index in needs.beside[cell]}
    beside |= {unit.index for unit in settings_of(units, cells)}
    for taken, maker in incoming.maker.items():
        # what is handed over may be an instance of a class of the notebook, or hold its functions
        behind = {taken, *units.flow.ties.get(maker, {}).get(taken, {})}
        made_before = (unit for unit in units.units[: maker + 1] if unit.kind == "definition")
        beside |= {unit.index for unit in made_before if behind & set(unit.names)}
    for index in sorted(beside):
        list(unit_needs(units, index, beside))
    moved = {unit.index: each for each, unit in portable.items()}
    imported = frozenset(moved[index] for index in beside if index in moved)
    here = [units.units[index] for index in sorted(beside) if index not in moved]
    at_once = _needed_at_once(units, [unit for unit in here if unit.cell.index not in own])
    parameters = [unit.names[0] for unit in here if unit.kind == "parameter" and unit.names[0] != "run_dir"]
    repeated = [unit for unit in here if unit.kind != "parameter"]
    copies = tuple(unit for unit in repeated if unit.cell.index not in own or unit.index in at_once)
    reads: dict[str, list[str]] = {}
    for each, source in sorted(incoming.stage.items()):
        reads.setdefault(source, [])
        if not each.startswith("<"):
            reads[source].append(each)
    return StageCut(
        name,
        cells,
        {cell: needs.pulled[cell] for cell in cells if cell in needs.pulled},
        copies,
        tuple(dict.fromkeys(parameters)),
        imported,
        incoming,
        frozenset(beside),
        {source: tuple(names) for source, names in sorted(reads.items())},
    )


def _check_repeated(units: Units) -> None:
    """The tag ``repeat`` has to name something that can be made again."""
    for cell in units.notebook.code:
        if REPEAT in cell.tags and not any(unit.kind == "repeated" for unit in units.of_cell(cell.index)):
            raise HandoffError(
                f"Cell {cell.index + 1} carries the tag {REPEAT}, but makes nothing that a step can make again.",
                "It is for connections, sessions, locks, pools and files to look things up in: take the tag away.",
            )
    for unit in units.units:
        changed = units.flow.steps[unit.index].changes - set(unit.names) if unit.kind == "repeated" else ()
        for name in sorted(changed):
            raise HandoffError(
                f"Cell {unit.cell.index + 1} carries the tag {REPEAT}, but what it makes changes {said(name)}.",
                f"Do that in a cell of its own, or take the tag {REPEAT} away.",
            )


def _check_memory(units: Units, stages: Sequence[StageCut]) -> None:
    """A function that keeps something between its calls cannot stand in two stages."""
    for unit in units.units:
        if unit.kind == "definition" and (kept := remembers(units, unit)):
            users = [stage.name for stage in stages if unit.index in stage.used]
            if len(users) > 1:
                raise Inseparable(
                    f"`{unit.names[0]}` (cell {unit.cell.index + 1}) keeps something between its calls, and steps "
                    f"{users[0]} and {users[1]} both call it: each would begin anew.",
                    f"Give the cells that call it the same step, or make `{kept}` a variable of the notebook."
                    if "." not in kept and kept in _parameters(unit)
                    else f"Give the cells that call it the same step: `{kept}` keeps something.",
                    (users[0], users[1]),
                )


def _parameters(unit: Unit) -> frozenset[str]:
    """Names of parameters in a definition."""
    tree = parse_cell(unit.source).tree
    return frozenset(each.arg for each in ast.walk(tree) if isinstance(each, ast.arg)) if tree else frozenset()


def _needed_at_once(units: Units, copies: list[Unit]) -> set[int]:
    """Imports that copied definitions and settings need when they are run, before the stage's own code."""
    found: set[int] = set()
    for unit in copies:
        list(unit_needs(units, unit.index, found))
    return found


def _check_cells(units: Units, needs: Needs, skipped: frozenset[int]) -> None:
    for cell, need in sorted(needs.pulled.items()):
        if cell in skipped:
            user = units.units[need.user].cell.index + 1
            raise HandoffError(
                f"Cell {cell + 1} is left out (tag skip), but cell {user} needs {said(need.name)} from it.",
                "Take the tag away, or leave that cell out too.",
            )
    for unit in units.units:
        if unit.kind == "code" and unit.cell.index in needs.of:
            _check_unit(units, unit)


def _check_unit(units: Units, unit: Unit) -> None:
    step = units.flow.steps[unit.index]
    number = unit.cell.index + 1
    if step.parsed.error:
        line, message = step.parsed.error
        raise HandoffError(f"Cell {number} cannot be read (line {line}): {message}.", "Correct it, or leave it out.")
    for name in units.flow.missing(unit.index):
        line = step.flow.uses[name][0].position.line
        later = next((each for each in units.units if each.index > unit.index and name in _binds(units, each)), None)
        if later:
            raise HandoffError(
                f"Cell {number}, line {line} uses `{name}`, which only cell {later.cell.index + 1} makes.",
                "Move that cell up: from top to bottom the notebook stops here.",
            )
        raise HandoffError(
            f"Cell {number}, line {line} uses `{name}`, which no cell makes.",
            "Make it in a cell above: from top to bottom the notebook stops here.",
        )
    moves = any(step.known.path(call.callee) == "os.chdir" for call in step.flow.calls)
    if moves or any(magic.kind == "line" and magic.name in ("cd", "pushd") for magic in step.parsed.magics):
        raise HandoffError(
            f"Cell {number} changes the working folder, and steps run in the pipeline's.",
            "Say the folder in the paths instead.",
        )
    for name in ("_", "__", "Out", "In", "_i", "_oh"):
        uses = step.flow.uses.get(name)
        if uses and name in BUILTINS and not units.flow.producers.get((unit.index, name)):
            raise HandoffError(
                f"Cell {number}, line {uses[0].position.line} uses `{name}`, the result last shown.",
                "Give that result a name in its own cell and use the name.",
            )


def _binds(units: Units, unit: Unit) -> frozenset[str]:
    return frozenset(units.flow.steps[unit.index].flow.definitions)
