"""Suggest what each cell is for and which stage it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from handoff_ext.cells.model import Notebook
from handoff_ext.contracts.change import NotebookChange
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.pipeline.cut import cut
from handoff_ext.pipeline.models import Models, find_models
from handoff_ext.pipeline.places import Inseparable
from handoff_ext.pipeline.preparing import imported_names, prepare
from handoff_ext.pipeline.roles import STAGES, Role, goals, in_order, role_of, stages_for
from handoff_ext.pipeline.tags import read_tags
from handoff_ext.pipeline.units import Units

_OURS = ("imports", "parameters")


@dataclass(frozen=True, slots=True)
class CellSuggestion:
    """What one code cell is for. ``stage`` is None where it stays out of the pipeline."""

    index: int
    cell_id: str
    role: Role
    stage: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class ModelOption:
    """A fitted model that could be handed over; ``cell_id`` is the cell after which it is fitted."""

    variable: str
    cell_id: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Suggested steps. ``problem`` says in a sentence why there are none, where there are none."""

    notebook: Notebook
    cells: tuple[CellSuggestion, ...] = ()
    stages: tuple[str, ...] = ()
    models: tuple[ModelOption, ...] = ()
    problem: str = ""
    hint: str = ""


def suggest(notebook: Notebook, model: str | None = None) -> Suggestion:
    """A role for each code cell and a stage for those that the model needs; ``model`` names which one is handed over.

    The chosen model is the one that is saved, called final, or judged on rows it was not fitted on, and late.
    """
    imports = imported_names(notebook)
    units, _ = prepare(notebook, imports, "..")
    models = find_models(notebook, imports, model)
    options = _options(notebook, models)
    if model is not None and models.chosen is None:
        return Suggestion(notebook, models=options, problem=f"The notebook fits no model named {model}.")
    try:
        stages = suggested_stages(units, models, read_tags(notebook).skipped)
    except HandoffError as error:
        return Suggestion(notebook, models=options, problem=error.message, hint=error.hint)
    if not stages:
        return Suggestion(notebook, models=options, problem="No cell makes anything that another one uses.")
    cells = []
    for cell in notebook.code:
        stage = stages.get(cell.index)
        role, reason = role_of(units, cell.index, stage, models)
        cells.append(CellSuggestion(cell.index, cell.id, role, stage, reason))
    used = tuple(stage for stage in STAGES if stage in stages.values())
    return Suggestion(notebook, tuple(cells), used, options)


def suggested_stages(units: Units, models: Models, skipped: frozenset[int]) -> dict[int, str]:
    """A stage for each cell that is needed, such that the notebook can be cut there."""
    fitting, judging = goals(units, models.chosen)
    code = {unit.cell.index for unit in units.units if unit.kind == "code"}
    wanted = stages_for(units, [cell for cell in fitting if cell in code], [cell for cell in judging if cell in code])
    stages = {cell: stage for cell, stage in wanted.items() if cell not in skipped}
    monotone = False
    while True:
        try:
            cut(units, stages, skipped)
        except Inseparable as error:
            if not monotone:
                stages, monotone = in_order(stages), True
            else:
                stages = _merged(stages, error.stages)
        else:
            return stages


def change_from(suggestion: Suggestion) -> NotebookChange:
    """The suggestion as tags, sorted; other tags of the cells stay. Cells that keep their tags are not in it."""
    tags: dict[str, tuple[str, ...]] = {}
    by_id = {cell.id: cell for cell in suggestion.notebook.code}
    for each in suggestion.cells:
        before = by_id[each.cell_id].tags
        kept = {tag for tag in before if not tag.startswith("stage:") and tag not in _OURS}
        if "skip" in kept:
            continue
        if each.stage:
            kept.add(f"stage:{each.stage}")
        elif each.role in _OURS:
            kept.add(each.role)
        if set(before) != kept:
            tags[each.cell_id] = tuple(sorted(kept))
    return NotebookChange(tags=tags)


def _merged(stages: dict[int, str], pair: tuple[str, str]) -> dict[int, str]:
    """Two stages as one, together with those between them; evaluating goes with training, else the later name stays."""
    ranks = sorted(STAGES.index(stage) for stage in pair)
    name = "train" if "train" in STAGES[ranks[0] : ranks[1] + 1] else STAGES[ranks[1]]
    between = STAGES[ranks[0] : ranks[1] + 1]
    return {cell: name if stage in between else stage for cell, stage in stages.items()}


def _options(notebook: Notebook, models: Models) -> tuple[ModelOption, ...]:
    ids = {cell.index: cell.id for cell in notebook.cells}
    return tuple(
        ModelOption(each.variable, ids[each.cell], each is models.chosen or each == models.chosen)
        for each in models.candidates
    )
