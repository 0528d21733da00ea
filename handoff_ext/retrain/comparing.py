"""Both versions asked about the same fresh rows, through the way that serves them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.monitor.quality import usual_error
from handoff_ext.monitor.truth import task_of
from handoff_ext.publish.scores import spelled
from handoff_ext.retrain.judging import Judgement, Rule, groups_of, judge
from handoff_ext.serve.engine import Engine
from handoff_ext.serve.fallback import outcome_of
from handoff_ext.serve.limits import Limits
from handoff_ext.serve.validate import RowsRefused
from handoff_ext.serve.worker import WorkerFailed

if TYPE_CHECKING:
    from numpy import ndarray

    from handoff_ext.serve.version import ServedVersion

AT_ONCE = 1000
MOST = 20_000


def compared(
    champion: ServedVersion,
    challenger: ServedVersion,
    rows: Sequence[Mapping[str, Any]],
    truth: Sequence[Any],
    rule: Rule,
) -> Judgement:
    """Judge a challenger on fresh rows whose truth is known.

    Rows that a version refuses count as not answered: for the challenger that shuts the gate.

    Args:
        champion: the version in charge.
        challenger: the one trained again.
        rows: mappings of input to value; at most the last 20,000 are asked.
        truth: what came of each.
        rule: the plan's.

    Raises:
        HandoffError: the version in charge cannot be asked these rows.
    """
    import numpy

    rows, truth = rows[-MOST:], truth[-MOST:]
    number = task_of(champion.profile) == "number"
    ours = _errors(asyncio.run(_asked(champion, rows)), truth, number)
    theirs = _errors(asyncio.run(_asked(challenger, rows)), truth, number)
    known = numpy.isfinite(ours)
    if not known.any():
        raise HandoffError("The version in charge takes other rows, so nothing can be compared.", "Promote by hand.")
    names = [column.name for column in champion.columns]
    groups = groups_of({name: [row.get(name) for row in rows] for name in names})
    members = {name: inside[known] for name, inside in groups.items()}
    usual = usual_error(champion.profile)
    return judge(ours[known], theirs[known], members, rule, number, usual=usual[0] if usual else None)


async def _asked(version: ServedVersion, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The model's own answers, None where it gives none."""
    engine = Engine(version, Limits(seconds=120, rows=len(rows) or 1))
    engine.model.start()
    try:
        if await engine.model.settled(600) != "ready":
            return [None] * len(rows)
        found: list[Any] = []
        for start in range(0, len(rows), AT_ONCE):
            found += await _part(engine, rows[start : start + AT_ONCE])
        return found
    finally:
        await engine.stop()


async def _part(engine: Engine, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Answers; where one row spoils them all, by halves."""
    try:
        return [outcome_of(answer) for answer in await engine.predictions(engine.validator.check(rows))]
    except (RowsRefused, WorkerFailed):
        if len(rows) == 1:
            return [None]
        middle = len(rows) // 2
        return [*await _part(engine, rows[:middle]), *await _part(engine, rows[middle:])]


def _errors(answers: Sequence[Any], truth: Sequence[Any], number: bool) -> ndarray:
    import numpy

    return numpy.array([_error(one, other, number) for one, other in zip(answers, truth, strict=True)])


def _error(answer: Any, truth: Any, number: bool) -> float:
    if answer is None or truth is None:
        return float("nan")
    if number:
        return abs(float(answer) - float(truth))
    return float(spelled(answer) != spelled(truth))
