"""Which cells a pipeline holds: the tagged ones, and what they need of the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from handoff_ext.pipeline.units import Units


@dataclass(frozen=True, slots=True)
class Need:
    """The unit ``user`` needs ``name`` from the unit ``maker``."""

    name: str
    maker: int
    user: int


@dataclass(frozen=True, slots=True)
class Needs:
    """Code of cells by cell index, other units by unit index.

    ``of[cell]``: what its code needs from the code of other cells, directly or through imports, definitions and
    settings. ``beside[cell]``: the units of other kinds that must stand before it in the same stage. ``pulled``: for
    each cell that was not asked for, the need that brought it in.
    """

    of: Mapping[int, tuple[Need, ...]]
    beside: Mapping[int, frozenset[int]]
    pulled: Mapping[int, Need]


def needs_of(units: Units, roots: Iterable[int], moved: Collection[int] = ()) -> Needs:
    """What the cells ``roots`` need, and what that needs, to the end; ``moved`` are units that leave their cells."""
    roots = set(roots)
    of: dict[int, tuple[Need, ...]] = {}
    beside: dict[int, frozenset[int]] = {}
    pulled: dict[int, Need] = {}
    todo = sorted(roots)
    while todo:
        cell = todo.pop(0)
        if cell in of:
            continue
        found: dict[tuple[str, int], Need] = {}
        copies: set[int] = set()
        for unit in units.of_cell(cell):
            if unit.kind != "parameter" and unit.index not in moved:
                for need in unit_needs(units, unit.index, copies):
                    if units.units[need.maker].cell.index != cell:
                        found.setdefault((need.name, need.maker), need)
        of[cell] = tuple(found.values())
        beside[cell] = frozenset(copies)
        for need in found.values():
            maker = units.units[need.maker].cell.index
            if maker not in of:
                pulled.setdefault(maker, need)
                todo.append(maker)
    return Needs(of, beside, {cell: need for cell, need in pulled.items() if cell not in roots})


def unit_needs(units: Units, index: int, copies: set[int]) -> Iterable[Need]:
    """What a unit needs from code; the other units it needs are added to ``copies``, and what those need follows."""
    todo, seen = [index], {index}
    while todo:
        user = todo.pop(0)
        for name in sorted(units.flow.steps[user].needs):
            for maker in units.flow.producers.get((user, name), ()):
                if units.units[maker].kind == "code":
                    yield Need(name, maker, user)
                elif maker not in seen:
                    seen.add(maker)
                    copies.add(maker)
                    todo.append(maker)
