"""The steps of the open notebook: from its tags where it has any, suggested else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoff_ext.contracts.change import NotebookChange
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.sidebar import CellStep, FactsAnswer, ModelChoice, StepRow, StepsAnswer, StepWarning
from handoff_ext.contracts.words import step_title
from handoff_ext.pipeline import change_from, suggest
from handoff_ext.pipeline.cut import Cut, cut
from handoff_ext.pipeline.facts import crossing, warnings_of
from handoff_ext.pipeline.models import find_models
from handoff_ext.pipeline.places import Inseparable, said
from handoff_ext.pipeline.preparing import imported_names, prepare
from handoff_ext.pipeline.roles import STAGES, role_of
from handoff_ext.pipeline.tags import read_tags, stages_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoff_ext.cells.model import Cell, Notebook
    from handoff_ext.contracts.facts import KernelFacts
    from handoff_ext.pipeline.models import Models
    from handoff_ext.pipeline.needs import Need
    from handoff_ext.pipeline.units import Units


def steps_of(notebook: Notebook, model: str | None) -> StepsAnswer:
    """Steps, what each cell is for, and the models to choose from; ``model`` is the chosen one."""
    tagged = any(stages_of(cell) for cell in notebook.cells)
    imports = imported_names(notebook)
    units, _ = prepare(notebook, imports, "..")
    models = find_models(notebook, imports, model)
    change, done, problem, again = NotebookChange(), None, "", None
    try:
        stages, change = _stages(notebook, model)
        done = cut(units, stages, read_tags(notebook).skipped)
    except HandoffError as error:
        problem = f"{error.message} {error.hint}".strip()
        again = error.again if isinstance(error, Inseparable) else None
    pulled = {index: need for stage in done.stages for index, need in stage.pulled.items()} if done else {}
    cells = [_cell(cell, done, pulled.get(cell.index), units, models, not tagged) for cell in notebook.code]
    return StepsAnswer(
        cells=cells,
        steps=_rows(notebook, done, cells),
        left_out=[notebook.cells[index].id for index in done.left_out] if done else [],
        models=[
            ModelChoice(variable=each.variable, cell_id=notebook.cells[each.cell].id, chosen=each == models.chosen)
            for each in models.candidates
        ],
        change=change,
        again=again.change if again else NotebookChange(),
        again_name=again.name if again else "",
        problem=problem,
    )


def cut_of(notebook: Notebook, model: str | None) -> Cut | None:
    """The notebook cut as its steps are shown; None where it cannot be."""
    try:
        units, _ = prepare(notebook, imported_names(notebook), "..")
        return cut(units, _stages(notebook, model)[0], read_tags(notebook).skipped)
    except HandoffError:
        return None


def compared(notebook: Notebook, model: str | None, facts: KernelFacts) -> FactsAnswer:
    """The steps beside what the running kernel says of the variables that they hand to each other."""
    made = cut_of(notebook, model)
    if made is None:
        return FactsAnswer()
    there = {fact.name for fact in facts.variables}
    return FactsAnswer(
        warnings=[
            StepWarning(stage=each.stage, variable=each.variable, text=each.text) for each in warnings_of(made, facts)
        ],
        checked=len(there),
        unmade=[name for name in crossing(made) if name not in there],
    )


def _stages(notebook: Notebook, model: str | None) -> tuple[Mapping[int, str], NotebookChange]:
    """As tagged, or as suggested where no cell is tagged: then with the change that keeps the suggestions."""
    stages = read_tags(notebook).stages
    if any(stages_of(cell) for cell in notebook.cells):
        return stages, NotebookChange()
    suggestion = suggest(notebook, model)
    if suggestion.problem:
        raise HandoffError(suggestion.problem, suggestion.hint)
    return {each.index: each.stage for each in suggestion.cells if each.stage}, change_from(suggestion)


def _cell(cell: Cell, done: Cut | None, need: Need | None, units: Units, models: Models, suggested: bool) -> CellStep:
    own = next(iter(stages_of(cell)), None)
    stage = done.stage_of(cell.index) if done else None
    name = stage.name if stage else own
    role, reason = role_of(units, cell.index, name if name in STAGES else None, models)
    if need is not None:
        reason = _why(need, units)
    return CellStep(
        cell_id=cell.id,
        role=name if name in STAGES else "features" if name else role,
        stage=name,
        suggested=suggested,
        pulled=need is not None,
        reason=reason,
    )


def _rows(notebook: Notebook, done: Cut | None, cells: list[CellStep]) -> list[StepRow]:
    """In the order in which the steps run; as tagged where they cannot be cut."""
    order = [stage.name for stage in done.stages] if done else []
    order += [cell.stage for cell in cells if cell.stage and cell.stage not in order]
    rows = []
    for stage in dict.fromkeys(order):
        own = [cell for cell in cells if cell.stage == stage]
        pulled = [cell for cell in own if cell.pulled]
        number = {cell.id: cell.index + 1 for cell in notebook.cells}
        rows.append(
            StepRow(
                stage=stage,
                title=step_title(stage),
                cells=[cell.cell_id for cell in own if not cell.pulled],
                pulled=[cell.cell_id for cell in pulled],
                pulled_reason="; ".join(f"cell {number[cell.cell_id]}: {cell.reason}" for cell in pulled),
            )
        )
    return rows


def _why(need: Need, units: Units) -> str:
    return f"cell {units.units[need.user].cell.index + 1} needs {said(need.name)}"
