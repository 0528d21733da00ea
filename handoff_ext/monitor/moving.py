"""What moved: each thing that is watched, against the reference, level by window and trend over weeks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from handoff_ext.contracts.profile import Lookup
from handoff_ext.contracts.watching import Cause
from handoff_ext.monitor.days import ColumnDays, Days
from handoff_ext.monitor.statistics import BAD_DAY, Moved, distribution_moved, jensen_shannon, rate_moved

if TYPE_CHECKING:
    from numpy import ndarray

WEEK, HISTORY = 7, 56
MONTH = 4 * WEEK
"""Whole weeks: each weekday counts alike."""
DAYS = {"day": 1, "week": WEEK, "month": MONTH, "quarter": 13 * WEEK, "year": 52 * WEEK}
"""What a plan's words for time are in days, for windows and for training again."""
WINDOWS = (WEEK, MONTH)
"""Days of the windows in which a level is looked at: a sudden change shows in the short, a small one in the long."""
CHANCE = 1e-4
"""How probable a false alarm may be in one check of one family (inputs, answers, outcomes), over all its columns and
windows (Bonferroni): one in 27 years of daily checks."""
LARGE = 0.1
"""PSI, beyond what chance gives, from which a change counts; 0.25 is commonly called large."""
STRANGE, MISSING = 0.02, 0.05
"""Rise of a share (0 to 1) from which it counts."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that moved. ``name`` is the column's; ``effect`` in the unit that ``kind`` says; ``since`` a place in
    the days; ``alarming`` where it is large and more than chance, or beyond the plan's limit (``kind`` is ``limit``,
    and ``to_do`` the plan's action)."""

    cause: Cause
    name: str
    kind: str
    effect: float
    p: float
    rows: int
    worth: float
    window: int
    since: int
    alarming: bool
    words: str = ""
    to_do: str = ""
    distance: float = 0.0
    points: tuple[float | None, ...] = ()


def inputs_moved(days: Days, end: int) -> list[Finding]:
    """Each input against the reference, in the days before ``end``."""
    return _columns_moved(days.inputs, days.answered, end, "inputs")


def answers_moved(days: Days, end: int) -> list[Finding]:
    """Each output against the reference; and how often the fallback answers, or a row is unlike the known."""
    found = _columns_moved(days.outputs, days.answered, end, "answers")
    for name, part in (("fallback", days.fallback), ("unlike known cases", days.out_of_scope)):
        found += _rate(name, "share", part, days.answered, 0.0, MISSING, "answers", end, 2)
    return found


def tables_moved(days: Days, lookups: Sequence[Lookup], end: int) -> list[Finding]:
    """Each table that travels with the model: whether more rows than of the reference are not in it."""
    found: list[Finding] = []
    for lookup in lookups:
        absent = days.lookups[lookup.table]
        usual, tests = 1 - lookup.found, len(lookups)
        (moved,) = _rate(
            lookup.table, "not found", absent, days.answered, usual, STRANGE, "stale table", end, tests
        )  # fmt: skip
        place = f"{lookup.table}, which travels with the model, by {', '.join(lookup.keys)}"
        found.append(replace(moved, words=f"{100 * moved.effect:.0f} of 100 rows are not found in {place}"))
    return found


def _columns_moved(columns: dict[str, ColumnDays], answered: ndarray, end: int, cause: Cause) -> list[Finding]:
    tests = max(1, 3 * len(columns))
    found: list[Finding] = []
    for name, column in columns.items():
        bins = column.bins
        found += _distribution(name, column, end, cause, tests)
        found += _rate(name, "missing", column.missing, answered, bins.missing, MISSING, cause, end, tests)
        word = "out of range" if bins.edges is not None else "unseen"
        found += _rate(name, word, column.strange, answered, 0.0, STRANGE, cause, end, tests)
    return found


def _distribution(name: str, column: ColumnDays, end: int, cause: Cause, tests: int) -> list[Finding]:
    seen = [
        (window, distribution_moved(now, before, column.bins.share, column.bins.count), now)
        for window, now, before in _windows(column.counts, end)
    ]
    if not seen:
        return []
    window, moved, now = _worst(seen, LARGE, tests)
    total = now.sum()
    away = jensen_shannon(now.sum(axis=0) / total, column.bins.share) if total else 0.0
    since, alarming = _since(column, end, window), _alarms(moved, LARGE, tests)
    return [finding(cause, name, "PSI", moved, window, since, alarming, away)]


def _rate(
    name: str, kind: str, so: ndarray, rows: ndarray, expected: float, floor: float, cause: Cause, end: int, tests: int
) -> list[Finding]:
    """A share that should be ``expected``, over the last week."""
    import numpy

    usual = max(expected + floor, 2 * expected)
    start = max(0, end - WEEK)
    earlier = slice(max(0, start - HISTORY), start)
    # A reference share comes at most on this part of the days, if whole days are bad (Markov's inequality).
    often = max(BAD_DAY, expected / usual)
    moved = rate_moved(so[start:end], rows[start:end], so[earlier], rows[earlier], usual, often)
    bad = numpy.flatnonzero((so[:end] > usual * rows[:end]) & (so[:end] > 0))
    since = _run_start(bad, end - 1) if len(bad) else end - 1
    return [finding(cause, name, kind, moved, WEEK, since, _alarms(moved, floor, tests))]


def _windows(counts: ndarray, end: int) -> Iterator[tuple[int, ndarray, ndarray]]:
    """Windows that end where the days do, with the four to eight weeks before each."""
    for window in WINDOWS:
        start = max(0, end - window)
        if window == WEEK or end - WEEK > start:
            yield window, counts[start:end], counts[max(0, start - HISTORY) : start]


def _worst(seen: Sequence[tuple[int, Moved, ndarray]], floor: float, tests: int) -> tuple[int, Moved, ndarray]:
    """Of the windows the alarming one with the largest effect; where none is, the week."""
    alarming = [each for each in seen if _alarms(each[1], floor, tests)]
    if alarming:
        return max(alarming, key=lambda each: each[1].effect)
    return next((each for each in seen if each[0] == 7), seen[-1])


def _alarms(moved: Moved, floor: float, tests: int) -> bool:
    return abs(moved.effect) >= floor and moved.p < CHANCE / tests / len(WINDOWS)


def finding(
    cause: Cause, name: str, kind: str, moved: Moved, window: int, since: int, alarming: bool, distance: float = 0.0
) -> Finding:
    """What moved, as a finding."""
    return Finding(
        cause=cause,
        name=name,
        kind=kind,
        effect=moved.effect,
        p=moved.p,
        rows=moved.rows,
        worth=moved.worth,
        window=window,
        since=since,
        alarming=alarming,
        distance=distance,
    )


def _since(column: ColumnDays, end: int, window: int) -> int:
    """The first day of the newest run of days that look more like the window than like the reference."""
    import numpy

    counts = column.counts[:end]
    rows = counts.sum(axis=1)
    now = counts[max(0, end - min(window, 3)) :].sum(axis=0) + 0.5
    now = now / now.sum()
    reference = (column.bins.share * column.bins.count + 0.5) / (column.bins.count + 0.5 * column.bins.size)
    like = numpy.flatnonzero((counts @ numpy.log(now / reference) > 0) & (rows > 0))
    return _run_start(like, end - 1) if len(like) else end - 1


def _run_start(days: ndarray, end: int) -> int:
    """Where the last run of days began; gaps of two days don't end it."""
    start = int(days[-1])
    for day in reversed(days.tolist()):
        if start - day > 3:
            break
        start = day
    return min(start, end)
