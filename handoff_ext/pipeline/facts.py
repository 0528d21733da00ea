"""Planned cuts beside what the running kernel says of its variables. It warns; what is written never changes by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handoff_ext.contracts.facts import KernelFacts, SharedFact, VariableFact
from handoff_ext.contracts.words import step_title
from handoff_ext.pipeline.cut import Cut, StageCut

LARGE = 500 * 10**6
"""Bytes from which on a variable is worth a word: it is written and read at every run."""


@dataclass(frozen=True, slots=True)
class FactWarning:
    """A doubt about one step, in one sentence or two: which variable, which steps, what to do."""

    stage: str
    variable: str
    text: str


def crossing(made: Cut) -> list[str]:
    """Names of the variables that any step hands to another."""
    return sorted({name for stage in made.stages for name in stage.incoming.stage if not name.startswith("<")})


def warnings_of(made: Cut, facts: KernelFacts) -> list[FactWarning]:
    """What of these facts speaks against the cuts, in the order of the steps."""
    known = {fact.name: fact for fact in facts.variables}
    rank = {stage.name: number for number, stage in enumerate(made.stages)}
    found = [
        FactWarning(stage.name, name, text)
        for stage in made.stages
        for name, source in sorted(stage.incoming.stage.items())
        if name in known and (text := _alone(known[name], source, stage.name))
    ]
    found += [warning for pair in facts.shared if (warning := _together(made, pair, rank))]
    return sorted(found, key=lambda warning: (rank[warning.stage], warning.variable))


def _alone(fact: VariableFact, source: str, taker: str) -> str:
    way = f"{step_title(source)} to {step_title(taker)}"
    if fact.saved == "no":
        return (
            f"`{fact.name}` ({fact.type}) goes from {way}, but cannot be saved: {fact.error}. "
            "Give the cells that make and use it one step."
        )
    if fact.saved == "slow":
        return f"`{fact.name}` ({fact.type}) goes from {way}, but takes long to save. Hand over less of it."
    if fact.saved == "large" or fact.bytes > LARGE:
        least = "at least " if fact.saved == "large" else ""
        return (
            f"`{fact.name}` ({fact.type}) goes from {way} with {least}{fact.bytes / 10**9:.1f} GB at every run. "
            "Hand over less of it, or give its cells one step."
        )
    return ""


def _together(made: Cut, pair: SharedFact, rank: dict[str, int]) -> FactWarning | None:
    """Two names for the same data: a change of one that would not show in the other."""
    for changed, read in ((pair.one, pair.other), (pair.other, pair.one)):
        for change in _units(made):
            at = made.stage_of(made.units.units[change].cell.index)
            step = made.units.flow.steps[change]
            touched = step.mentions & (step.unkeyed if pair.how == "memory" else step.changes)
            if at is None or changed not in touched:
                continue
            for taker in _readers(made, change, read):
                if _lost(pair, at, taker, read, changed, rank):
                    what = {"same": "are one object", "part": "share a part", "memory": "share memory"}[pair.how]
                    cell = made.units.units[change].cell.index + 1
                    return FactWarning(
                        taker.name,
                        read,
                        f"`{changed}` and `{read}` {what} in the running kernel. Cell {cell} ({step_title(at.name)}) "
                        f"may change `{changed}`, and {step_title(taker.name)} would not see that in its `{read}`. "
                        "Give those cells one step.",
                    )
    return None


def _units(made: Cut) -> Sequence[int]:
    return [unit.index for unit in made.units.units if unit.kind == "code" and unit.cell.index >= 0]


def _readers(made: Cut, change: int, name: str) -> Iterator[StageCut]:
    """The steps that look at a name from a change on, until it is bound anew."""
    for index in _units(made):
        if index < change:
            continue
        step, stage = made.units.flow.steps[index], made.stage_of(made.units.units[index].cell.index)
        if name in step.mentions and name in step.needs and stage is not None:
            yield stage
        if name in step.binds:
            return


def _lost(pair: SharedFact, at: StageCut, taker: StageCut, read: str, changed: str, rank: dict[str, int]) -> bool:
    """Whether what step ``at`` does to ``changed`` is lost on the ``read`` of step ``taker``."""
    if at.name != taker.name:
        source = taker.incoming.stage.get(read)
        if source is None or rank[source] < rank[at.name]:
            return source is not None
    sources = at.incoming.stage.get(read), at.incoming.stage.get(changed)
    return None not in sources and (pair.how == "memory" or sources[0] != sources[1])
