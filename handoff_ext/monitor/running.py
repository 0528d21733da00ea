"""Whether the service runs as it did: is it asked, are rows refused, how long do answers take, what do they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handoff_ext.monitor.days import SECONDS, Days
from handoff_ext.monitor.moving import HISTORY, STRANGE, WEEK, Finding
from handoff_ext.monitor.statistics import rate_moved

if TYPE_CHECKING:
    from numpy import ndarray

CHANCE = 1e-4
SLOWER, SLOW = 4.0, 0.1
QUIETER = 0.2
MANY, HALF = 20, 0.5


def traffic_moved(days: Days, end: int) -> Finding | None:
    """Whether it is still asked: no answer for longer than it was ever silent, or far fewer."""
    import numpy

    active = numpy.flatnonzero((days.answered + days.refused)[:end])
    if not len(active):
        return None
    idle = end - 1 - int(active[-1])
    recent = active[active >= end - HISTORY]
    gap = int(numpy.diff(recent).max()) if len(recent) > 1 else 1
    silent = idle >= max(1, 2 * gap) if len(recent) > 1 else idle >= 2 * WEEK
    earlier = days.answered[max(0, end - 3 - 4 * WEEK) : max(0, end - 3)]
    usual = float(numpy.median(earlier[earlier > 0])) if (earlier > 0).sum() >= WEEK else 0.0
    now = float(days.answered[max(0, end - 3) : end].mean())
    fewer = gap <= 1 and usual * 3 >= MANY and now < QUIETER * usual
    words = f"No requests for {idle} {'day' if idle == 1 else 'days'}" if silent else f"{100 * now / usual:.0f} requests where 100 were" if fewer else ""  # noqa: E501  # fmt: skip
    return Finding(
        cause="no traffic",
        name="requests",
        kind="days",
        effect=float(idle),
        p=float("nan"),
        rows=int(days.answered[:end].sum()),
        worth=0.0,
        window=WEEK,
        since=int(active[-1]) + 1 if silent else max(0, end - 3),
        alarming=bool(silent or fewer),
        words=words,
    )


def refusals_moved(days: Days, end: int) -> Finding:
    """Whether rows are refused: on several days, or most of a day's at once."""
    import numpy

    all_rows = days.refused + days.answered
    start = max(0, end - WEEK)
    earlier = slice(max(0, start - HISTORY), start)
    moved = rate_moved(days.refused[start:end], all_rows[start:end], days.refused[earlier], all_rows[earlier], STRANGE)
    today = all_rows[end - 1]
    at_once = today >= MANY and days.refused[end - 1] > HALF * today
    bad = numpy.flatnonzero(days.refused[:end] > STRANGE * numpy.maximum(all_rows[:end], 1))
    first = sorted(days.problems.items(), key=lambda item: -item[1])[:2]
    words = "; ".join(f"{problem} ({count:,} rows)" for problem, count in first)
    return Finding(
        cause="schema",
        name="rows refused",
        kind="share",
        effect=moved.effect,
        p=moved.p,
        rows=moved.rows,
        worth=moved.worth,
        window=WEEK,
        since=int(bad[-1]) if at_once and len(bad) else int(bad[bad >= start][0]) if (bad >= start).any() else end - 1,
        alarming=bool(at_once or (moved.effect >= STRANGE and moved.p < CHANCE)),
        words=words,
    )


def times_moved(days: Days, end: int) -> Finding:
    """Whether answers take much longer than before, on three days of a week."""
    import numpy

    slowest = numpy.array([_quantile(day, 0.99) for day in days.times[:end]])
    start = max(0, end - WEEK)
    known = slowest[max(0, start - HISTORY) : start]
    known = known[known > 0]
    usual = float(numpy.median(known)) if len(known) >= WEEK else 0.0
    slow = (slowest > max(SLOW, SLOWER * usual)) if usual else numpy.zeros(end, dtype=bool)
    recent = numpy.flatnonzero(slow[start:])
    return Finding(
        cause="service",
        name="99 of 100 answers within",
        kind="seconds",
        effect=float(slowest[start:].max(initial=0.0)),
        p=float("nan"),
        rows=int(days.answered[start:end].sum()),
        worth=0.0,
        window=WEEK,
        since=start + int(recent[0]) if len(recent) else end - 1,
        alarming=len(recent) >= 3,
        words=f"99 of 100 answers take {slowest[end - 1]:g} s, before {usual:g} s",
    )


def service_figures(days: Days, end: int) -> dict[str, Any]:
    """Requests a day, times, fallbacks, refusals and computing time of the last week."""
    start = max(0, end - WEEK)
    answered, refused = int(days.answered[start:end].sum()), int(days.refused[start:end].sum())
    times = days.times[start:end].sum(axis=0)
    return {
        "answers a day": round(answered / max(1, end - start), 1),
        "refused": round(refused / max(1, answered + refused), 6),
        "fallback": round(int(days.fallback[start:end].sum()) / max(1, answered), 6),
        "unlike known cases": round(int(days.out_of_scope[start:end].sum()) / max(1, answered), 6),
        "half within seconds": _quantile(times, 0.5),
        "99 of 100 within seconds": _quantile(times, 0.99),
        "seconds of work for 1,000": round(1000 * float(days.busy[start:end].sum()) / max(1, answered), 3),
        "askers": dict(sorted(days.askers.items(), key=lambda item: -item[1])[:10]),
    }


def _quantile(counts: ndarray, share: float) -> float:
    """The upper bound of the bin in which a quantile of the times lies; 0 where there are none."""
    import numpy

    total = int(counts.sum())
    if not total:
        return 0.0
    place = int(numpy.searchsorted(numpy.cumsum(counts), share * total))
    return float(SECONDS[min(place, len(SECONDS) - 1)])
