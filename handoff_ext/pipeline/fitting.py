"""The cell that has the model fitted on the rows that ``features.py`` makes."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace

from handoff_ext.cells.python import parse_cell
from handoff_ext.dataflow.notebook import Step
from handoff_ext.pipeline.cut import Cut
from handoff_ext.pipeline.models import Candidate

_HANDED = """# The rows to fit on, made by features.py, which also prepares those of the served model.
# Where it makes others than the notebook did, the notebook's are kept, and the output below says so.
from training_rows import by_features as _by_features

{x} = _by_features({x}, run_dir, {given})"""
_COMPARED = """# The rows to fit on, compared with those of features.py, which prepares them for the served model.
# Where they differ, the output below says so.
from training_rows import compare as _compare

_compare({x}, run_dir, {given})"""
_WIDE = 80


@dataclass(frozen=True, slots=True)
class Fitting:
    """The cell's ``source`` and where it stands: beside the code of the cell at index ``cell``, ``after`` it or before.

    ``parameters``: those that only it needs.
    """

    stage: str
    cell: int
    source: str
    after: bool
    parameters: tuple[str, ...]


def fitting(made: Cut, candidate: Candidate, module: str, drafts: Iterable[str]) -> Fitting | None:
    """The cell for the fit of ``candidate``; None where no stage runs it.

    Where nothing changes the rows in place later on, they are handed over; else two names might hold one object, so
    they are compared.

    Args:
        made: the stages.
        candidate: the model that is handed over.
        module: the text of ``features.py``.
        drafts: names of the parameters.
    """
    fit, stage = candidate.fit, made.stage_of(candidate.fit.cell)
    if stage is None or _has_module(made, "training_rows"):
        return None
    taken = taken_by(module, drafts)
    form = _HANDED if _can_be_handed(made, candidate) else _COMPARED
    names = {each.id for each in ast.walk(ast.parse(fit.x)) if isinstance(each, ast.Name)}
    writes = {name for step in _steps(made, fit.cell) for name in step.writes}
    return Fitting(
        stage.name,
        fit.cell,
        form.format(x=fit.x, given=_dictionary(taken)),
        bool(names & writes),
        tuple(name for name in taken if name not in stage.parameters),
    )


def taken_by(module: str, drafts: Iterable[str]) -> list[str]:
    """The parameters that ``features.py`` takes, in their order."""
    load = next(
        node for node in ast.parse(module).body if isinstance(node, ast.FunctionDef) and node.name == "load"
    ).args
    read = {each.arg for each in load.args}
    return [name for name in drafts if name in read or f"state.setting({name!r}," in module]


def _dictionary(names: list[str]) -> str:
    """The names with their values, as code."""
    lines = [""]
    for name in names:
        item = f'"{name}": {name}, '
        lines[-1:] = [lines[-1] + item] if len(lines[-1]) + len(item) < _WIDE else [lines[-1], item]
    if len(lines) == 1:
        return "{" + lines[0].removesuffix(", ") + "}"
    return "\n".join(["{", *(f"    {line.rstrip()}" for line in lines), "}"])


def with_parameters(made: Cut, cell: Fitting) -> Cut:
    """The cut whose stage of that cell takes the parameters that the cell needs."""
    return replace(
        made,
        stages=tuple(
            replace(stage, parameters=(*stage.parameters, *cell.parameters)) if stage.name == cell.stage else stage
            for stage in made.stages
        ),
    )


def _steps(made: Cut, cell: int) -> list[Step]:
    flow = made.units.flow
    return [flow.steps[unit.index] for unit in made.units.of_cell(cell) if unit.kind == "code"]


def _can_be_handed(made: Cut, candidate: Candidate) -> bool:
    """Whether the model is fitted on a name that stands before the cell, and no cell changes its object afterwards."""
    fit = candidate.fit
    if not fit.x.isidentifier() or not _is_given(made, candidate):
        return False
    own = _steps(made, fit.cell)
    if not any(fit.x in step.needs for step in own) or any(fit.x in step.writes for step in own):
        return False
    placed = {cell for stage in made.stages for cell in stage.cells}
    for unit in made.units.units:
        if unit.kind != "code" or unit.cell.index not in placed or unit.cell.index <= fit.cell:
            continue
        step = made.units.flow.steps[unit.index]
        if fit.x in step.changes:
            return False
        if fit.x in step.binds:
            break
    return True


def _is_given(made: Cut, candidate: Candidate) -> bool:
    """Whether the fit is given the name itself: a data set that was made of it before is another object."""
    fit = candidate.fit
    cell = next(each for each in made.units.notebook.code if each.index == fit.cell)
    tree = parse_cell(cell.source).tree
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Call) and node.lineno <= fit.line <= (node.end_lineno or node.lineno):
            given = [*node.args, *(each.value for each in node.keywords)]
            if any(isinstance(each, ast.Name) and each.id == fit.x for each in given):
                return True
    return False


def _has_module(made: Cut, name: str) -> bool:
    """Whether the notebook imports a module of that name."""
    steps = made.units.flow.steps.values()
    return any(each.path.partition(".")[0] == name for step in steps for each in step.flow.imports.values())
