"""Which stage each cell goes to, and in which order stages run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handoff_ext.contracts.change import NotebookChange
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.pipeline.needs import Need, Needs
from handoff_ext.pipeline.units import Units


@dataclass(frozen=True, slots=True)
class Again:
    """``change`` has each stage make the object ``name`` for itself."""

    name: str
    change: NotebookChange


class Inseparable(HandoffError):
    """Two stages cannot be cut apart here. ``stages`` are the two; ``again`` is an edit that helps, where one does."""

    def __init__(self, message: str, hint: str, stages: tuple[str, str], again: Again | None = None) -> None:
        super().__init__(message, hint)
        self.stages = stages
        self.again = again


def place(units: Units, needs: Needs, tagged: Mapping[int, str]) -> tuple[list[str], dict[int, str]]:
    """The stages in the order they run, and the stage of each cell, those without a tag included.

    A cell without a tag goes to the first stage that needs it. Raises ``Inseparable`` where stages need each other.
    """
    before: dict[str, dict[str, Need]] = {stage: {} for stage in _by_appearance(tagged)}
    above = _stages_above(units, needs, tagged)
    for cell, stage in sorted(tagged.items()):
        for other, need in above.get(cell, {}).items():
            if other != stage:
                before[stage].setdefault(other, need)
    order = _sorted(units, before)
    rank = {stage: number for number, stage in enumerate(order)}
    placed = dict(tagged)
    users: dict[int, list[int]] = {}
    for cell, found in needs.of.items():
        for need in found:
            users.setdefault(units.units[need.maker].cell.index, []).append(cell)
    for cell in sorted(set(needs.of) - set(tagged), reverse=True):
        placed[cell] = min((placed[user] for user in users[cell]), key=rank.__getitem__)
    return order, placed


def _by_appearance(tagged: Mapping[int, str]) -> list[str]:
    return list(dict.fromkeys(stage for _, stage in sorted(tagged.items())))


def _stages_above(units: Units, needs: Needs, tagged: Mapping[int, str]) -> dict[int, dict[str, Need]]:
    """For each cell the tagged stages it hangs on, with the need by which it does."""
    above: dict[int, dict[str, Need]] = {}
    for cell in sorted(needs.of):
        found: dict[str, Need] = {}
        for need in needs.of[cell]:
            maker = units.units[need.maker].cell.index
            if maker in tagged:
                found.setdefault(tagged[maker], need)
            else:
                for stage in above.get(maker, {}):
                    found.setdefault(stage, need)
        above[cell] = found
    return above


def _sorted(units: Units, before: Mapping[str, Mapping[str, Need]]) -> list[str]:
    order: list[str] = []
    left = list(before)
    while left:
        free = next((stage for stage in left if not set(before[stage]) & set(left) - {stage}), None)
        if free is None:
            raise _cycle(units, before, left)
        order.append(free)
        left.remove(free)
    return order


def _cycle(units: Units, before: Mapping[str, Mapping[str, Need]], left: Sequence[str]) -> Inseparable:
    path = [left[0]]
    while True:
        following = next(stage for stage in before[path[-1]] if stage in left and stage != path[-1])
        if following in path:
            path = path[path.index(following) :]
            break
        path.append(following)
    first, second = path[0], path[1]
    there = before[first][second]
    back = before[path[-1]][first]
    return Inseparable(
        f"Steps {first} and {second} need each other: {_words(units, there)}, {_words(units, back)}.",
        "Give those cells the same step.",
        (first, second),
    )


def _words(units: Units, need: Need) -> str:
    """``cell 7 needs `df` from cell 3``."""
    user, maker = units.units[need.user].cell.index, units.units[need.maker].cell.index
    return f"cell {user + 1} needs {said(need.name)} from cell {maker + 1}"


def said(name: str) -> str:
    """A name or a resource, as people read it."""
    return name.strip("<>") if name.startswith("<") else f"`{name}`"
