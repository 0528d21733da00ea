"""What each stage hands to which: one bundle an edge, no more in it than is needed behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from handoff_ext.dataflow.ties import Tie
from handoff_ext.pipeline.needs import Need, Needs
from handoff_ext.pipeline.places import Inseparable, said
from handoff_ext.pipeline.units import Units

_HINT = "Give those cells the same step."


@dataclass(slots=True)
class Incoming:
    """What one stage takes in: for each name or resource the stage that hands it over, and the unit that made it.

    ``imports``: names bound to modules among other code, with the statement that binds them; modules are not handed
    over.
    """

    stage: dict[str, str] = field(default_factory=dict)
    maker: dict[str, int] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)


def hand_over(units: Units, needs: Needs, order: Sequence[str], placed: Mapping[int, str]) -> dict[str, Incoming]:
    """What every stage takes in. Raises ``Inseparable`` where copies cannot do what the one object did."""
    work = _Work(units, needs, order, placed)
    for stage in reversed(order):
        work.take_in(stage)
        work.keep_together(stage)
    for stage in order:
        work.look_for_torn_views(stage)
    return work.incoming


class _Work:
    def __init__(self, units: Units, needs: Needs, order: Sequence[str], placed: Mapping[int, str]) -> None:
        self.units = units
        self.needs = needs
        self.rank = {stage: number for number, stage in enumerate(order)}
        self.placed = placed
        self.incoming: dict[str, Incoming] = {stage: Incoming() for stage in order}
        self.demanded: dict[str, set[str]] = {stage: set() for stage in order}
        self.code: dict[str, list[int]] = {stage: [] for stage in order}
        for unit in units.units:
            if unit.kind == "code" and unit.cell.index in placed:
                self.code[placed[unit.cell.index]].append(unit.index)

    def stage_of(self, unit: int) -> str:
        return self.placed[self.units.units[unit].cell.index]

    def take_in(self, stage: str) -> None:
        """What the code of a stage, and the definitions it runs, find in other stages."""
        wanted: dict[tuple[str, int], int] = {}
        for cell in sorted(cell for cell, other in self.placed.items() if other == stage):
            for need in self.needs.of.get(cell, ()):
                key = (need.name, need.user)
                wanted[key] = max(need.maker, wanted.get(key, -1))
        for (name, user), maker in sorted(wanted.items(), key=lambda each: (each[0][1], each[0][0])):
            step = self.units.flow.steps[user]
            if self.stage_of(maker) == stage:
                continue
            if name not in step.mentions and name not in self.demanded[stage]:
                continue  # changed along with something else, and nobody looks at it afterwards
            self._take(stage, Need(name, maker, user))

    def _take(self, stage: str, need: Need) -> None:
        name, source = need.name, self.stage_of(need.maker)
        taken = self.incoming[stage]
        module = self.units.flow.steps[need.maker].flow.imports.get(name)
        if module:
            taken.imports[name] = module.statement
            return
        if self.rank[source] > self.rank[stage]:
            raise self._stale(stage, source, need, need.maker)
        if name in taken.maker and taken.maker[name] != need.maker:
            raise self._stale(stage, source, need, taken.maker[name])
        for other in self.code[source]:
            if other > need.user and name in self.units.flow.steps[other].writes:
                raise self._stale(stage, source, need, other)
        for other in self.code[stage]:
            if other < need.user and name in self.units.flow.steps[other].writes and not name.startswith("<files"):
                raise self._stale(stage, source, need, other)
        taken.stage[name] = source
        taken.maker[name] = need.maker
        self.demanded[source].add(name)

    def _stale(self, stage: str, source: str, need: Need, other: int) -> Inseparable:
        user, maker, changer = (self.units.units[each].cell.index + 1 for each in (need.user, need.maker, other))
        return Inseparable(
            f"Cell {user} (step {stage}) needs {said(need.name)} as cell {maker} (step {source}) leaves it, "
            f"but cell {changer} changes it in between.",
            _HINT,
            (source, stage),
        )

    def keep_together(self, stage: str) -> None:
        """Names that may be one object must come in one bundle where that object is changed later on."""
        taken = self.incoming[stage]
        names = sorted(name for name in taken.stage if not name.startswith("<"))
        for one in names:
            for other in names:
                if one < other and taken.stage[one] != taken.stage[other] and self._tie(taken, one, other):
                    if not self._changes(stage, (one, other)):
                        continue
                    late, early = sorted((one, other), key=lambda name: self.rank[taken.stage[name]], reverse=True)
                    self._pass_through(stage, taken.stage[late], early)

    def _pass_through(self, stage: str, via: str, name: str) -> None:
        taken = self.incoming[stage]
        maker = taken.maker[name]
        passing = self.incoming[via]
        for other in self.code[via]:
            if name in self.units.flow.steps[other].writes:
                raise self._stale(stage, taken.stage[name], Need(name, maker, other), other)
        if name not in passing.stage:
            passing.stage[name] = taken.stage[name]
            passing.maker[name] = maker
            self.demanded[taken.stage[name]].add(name)
        taken.stage[name] = via
        self.demanded[via].add(name)

    def _tie(self, taken: Incoming, one: str, other: str) -> Tie | None:
        at = max(taken.maker[one], taken.maker[other])
        return self.units.flow.ties.get(at, {}).get(one, {}).get(other)

    def _changes(self, stage: str, names: Iterable[str]) -> bool:
        """Whether the stage or one behind it changes an object in place that these names are bound to."""
        return any(
            name in self.units.flow.steps[unit].changes
            for other, units in self.code.items()
            if self.rank[other] >= self.rank[stage]
            for unit in units
            for name in names
        )

    def look_for_torn_views(self, stage: str) -> None:
        """Names that share memory do so no longer once they were handed over: a change of one is lost on the other."""
        taken = self.incoming[stage]
        for unit in self.code[stage]:
            step = self.units.flow.steps[unit]
            for name in sorted(step.unkeyed & set(taken.stage)):
                for other in sorted(set(taken.stage) - {name}):
                    tie = self._tie(taken, name, other)
                    if tie and tie.view and tie.kind != "same" and self._read_after(unit, other):
                        cell = self.units.units[unit].cell.index + 1
                        raise Inseparable(
                            f"`{name}` and `{other}` may share memory, and cell {cell} (step {stage}) changes `{name}`:"
                            " handed over, each would be a copy.",
                            "Give the cell that makes them and the one that changes them the same step.",
                            (taken.stage[name], stage),
                        )

    def _read_after(self, unit: int, name: str) -> bool:
        for other in sorted(each for units in self.code.values() for each in units):
            step = self.units.flow.steps[other]
            if other > unit:
                if name in step.mentions and name in step.needs:
                    return True
                if name in step.binds:
                    return False
        return False
