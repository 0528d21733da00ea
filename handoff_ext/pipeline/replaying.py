"""Which settings of the notebook a stage repeats."""

from __future__ import annotations

from collections.abc import Sequence

from handoff_ext.pipeline.settings import SHOWING
from handoff_ext.pipeline.units import Unit, Units

_DRAWS = frozenset({"plot", "hist", "boxplot", "show"})


def settings_of(units: Units, cells: Sequence[int]) -> list[Unit]:
    """The settings that stand before the last of these cells, without those for pictures where none is drawn."""
    code = [unit for unit in units.units if unit.kind == "code" and unit.cell.index in set(cells)]
    if not code:
        return []
    shows = any(_draws(units, unit) for unit in code)
    return [
        unit
        for unit in units.units
        if unit.kind == "setting" and unit.index < code[-1].index and (shows or unit.module not in SHOWING)
    ]


def _draws(units: Units, unit: Unit) -> bool:
    step = units.flow.steps[unit.index]
    roots = {path.partition(".")[0] for name, path in step.known.imports.items() if name in step.mentions}
    if roots & SHOWING:
        return True
    return any(call.callee.rpartition(".")[2] in _DRAWS and "." in call.callee for call in step.flow.calls)
