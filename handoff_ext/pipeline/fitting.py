"""The code that has the model fitted on the rows that ``features.py`` makes."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace

from handoff_ext.dataflow.notebook import NotebookFlow
from handoff_ext.features.statements import Statement, flow_of, statements
from handoff_ext.pipeline.cut import Cut
from handoff_ext.pipeline.models import Candidate

_HANDED = """# The rows to fit on, made by features.py, which also prepares those of the served model.
# Where it makes others than the notebook did, the notebook's are kept, and the output below says so.
from training_rows import by_features as _by_features

{x} = _by_features({x}, run_dir, {given})"""
_INSIDE = """# The rows to fit on, made by features.py, which also prepares those of the served model.
# The cell below takes them in one line more than the notebook has. Where they are others than the notebook's,
# the notebook's are kept, and the output says so.
from training_rows import by_features as _by_features


def _rows_to_fit(rows):
    return _by_features(rows, run_dir, {given})"""
_LINE = "{x} = _rows_to_fit({x})  # those of features.py"
_COMPARED = """# The rows to fit on, compared with those of features.py, which prepares them for the served model.
# Where they differ, the output below says so.
from training_rows import compare as _compare

_compare({x}, run_dir, {given})"""
_WIDE = 80


@dataclass(frozen=True, slots=True)
class Fitting:
    """The cell's ``source`` and where it stands: beside the code of the cell at index ``cell``, ``after`` it or before.

    ``line``: what is put into that cell's code above a line of it, ``(number, text)``. ``parameters``: those that only
    this needs.
    """

    stage: str
    cell: int
    source: str
    after: bool
    line: tuple[int, str] | None
    parameters: tuple[str, ...]


def fitting(made: Cut, candidate: Candidate, module: str, drafts: Iterable[str]) -> Fitting | None:
    """The code for the fit of ``candidate``; None where no stage runs it.

    Where a name holds the rows and nothing changes them in place later on, they are handed over. Else two names might
    hold one object, so they are compared.

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
    place = _Place(made, candidate)
    form, after, line = _COMPARED, place.made_there(fit.x), None
    if place.can_be_handed():
        form, after, line = _HANDED, False, None
        if place.made_there(fit.x):
            form, line = _INSIDE, (place.at.line, _LINE.format(x=fit.x))
    return Fitting(
        stage.name,
        fit.cell,
        form.format(x=fit.x, given=_dictionary(taken, "    " if form is _INSIDE else "")),
        after,
        line,
        tuple(name for name in taken if name not in stage.parameters),
    )


def taken_by(module: str, drafts: Iterable[str]) -> list[str]:
    """The parameters that ``features.py`` takes, in their order."""
    load = next(
        node for node in ast.parse(module).body if isinstance(node, ast.FunctionDef) and node.name == "load"
    ).args
    read = {each.arg for each in load.args}
    return [name for name in drafts if name in read or f"state.setting({name!r}," in module]


def with_parameters(made: Cut, cell: Fitting) -> Cut:
    """The cut whose stage of that cell takes the parameters that the cell needs."""
    return replace(
        made,
        stages=tuple(
            replace(stage, parameters=(*stage.parameters, *cell.parameters)) if stage.name == cell.stage else stage
            for stage in made.stages
        ),
    )


def _dictionary(names: list[str], indent: str) -> str:
    """The names with their values, as code."""
    lines = [""]
    for name in names:
        item = f'"{name}": {name}, '
        lines[-1:] = [lines[-1] + item] if len(lines[-1]) + len(item) < _WIDE else [lines[-1], item]
    if len(lines) == 1:
        return "{" + lines[0].removesuffix(", ") + "}"
    return "\n".join(["{", *(f"{indent}    {line.rstrip()}" for line in lines), indent + "}"])


class _Place:
    """Where the notebook fits the model."""

    def __init__(self, made: Cut, candidate: Candidate) -> None:
        self.made, self.fit = made, candidate.fit
        self.all = statements(made.units.notebook)
        self.flow: NotebookFlow = flow_of(made.units.notebook, self.all)
        self.cell = [each for each in self.all if each.cell.index == self.fit.cell]
        self.before = [each for each in self.cell if each.line <= self.fit.line]

    @property
    def at(self) -> Statement:
        """The statement that fits."""
        return self.before[-1]

    def made_there(self, expression: str) -> bool:
        """Whether something that the expression names is made or changed in the cell itself."""
        names = {each.id for each in ast.walk(ast.parse(expression)) if isinstance(each, ast.Name)}
        steps = self.made.units.flow.steps
        units = [unit for unit in self.made.units.of_cell(self.fit.cell) if unit.kind == "code"]
        return any(names & steps[unit.index].writes for unit in units)

    def can_be_handed(self) -> bool:
        """Whether the fit is given a name that stands above it, and no code changes its object from there on."""
        name = self.fit.x
        if not name.isidentifier() or not self.before or not self._is_given(name) or not self._own_line():
            return False
        if name in self.flow.steps[self.at.index].writes or not self.flow.producers.get((self.at.index, name)):
            return False
        placed = {cell for stage in self.made.stages for cell in stage.cells}
        for each in self.all[self.at.index + 1 :]:
            step = self.flow.steps[each.index]
            if each.cell.index not in placed:
                continue
            if name in step.changes:
                return False
            if name in step.binds:
                break
        return True

    def _is_given(self, name: str) -> bool:
        """Whether a call is given the name itself: a data set that was made of it before is another object."""
        for node in ast.walk(self.at.node):
            if isinstance(node, ast.Call):
                given = [*node.args, *(each.value for each in node.keywords)]
                if any(isinstance(each, ast.Name) and each.id == name for each in given):
                    return True
        return False

    def _own_line(self) -> bool:
        """Whether the statement begins a line of its own."""
        others = [each for each in self.before if each.index != self.at.index]
        return all(each.line + each.source.count("\n") < self.at.line for each in others)


def _has_module(made: Cut, name: str) -> bool:
    """Whether the notebook imports a module of that name."""
    steps = made.units.flow.steps.values()
    return any(each.path.partition(".")[0] == name for step in steps for each in step.flow.imports.values())
