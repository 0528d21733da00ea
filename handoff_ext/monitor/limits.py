"""The plan's watched numbers, measured on the record, and told where a limit is passed."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.watching import Limit
from handoff_ext.monitor.days import DAY, SECONDS, Days
from handoff_ext.monitor.moving import HISTORY, Finding
from handoff_ext.monitor.numbers import SPAN, Number, number_of
from handoff_ext.monitor.statistics import psi
from handoff_ext.monitor.truth import Labelled
from handoff_ext.publish import scores

if TYPE_CHECKING:
    import pyarrow
    from numpy import ndarray

FEWEST = 30


class Above:
    """Counts by day how many scores are at least one of the watched ones, table by table.

    Args:
        numbers: the watched ones.
        scored: the output that holds the score; empty where there is none.
        first: day 0.
        count: how many days.
    """

    def __init__(self, numbers: Sequence[Number], scored: str, first: datetime.date, count: int) -> None:
        import numpy

        self._scored = f"out:{scored}" if scored else ""
        self._first = (first - datetime.date(1970, 1, 1)).days
        wanted = {each.score for each in numbers if each.kind in {"above", "below"}} if scored else set()
        self.counts: dict[float, ndarray] = {score: numpy.zeros(count, dtype=int) for score in sorted(wanted)}

    @property
    def columns(self) -> list[str]:
        """The log's columns that are needed."""
        return [self._scored] if self.counts else []

    def add(self, table: pyarrow.Table) -> None:
        """Count one table."""
        import numpy

        if not self.counts or not table.num_rows or self._scored not in table.column_names:
            return
        at = table["time"].cast("int64").to_numpy() // DAY - self._first
        values = table[self._scored].to_numpy()
        for score, counts in self.counts.items():
            inside = (at >= 0) & (at < len(counts)) & (values >= score)
            numpy.add.at(counts, at[inside], 1)


def limits_passed(
    plan: Plan, days: Days, labelled: Labelled, above: Above, end: int
) -> tuple[list[Limit], list[Finding]]:
    """Every watched number as it is on the last day before ``end``, and a finding for each that is measured.

    A number that cannot be read from its words, or whose rows are fewer than 30, is said to be not measured.
    """
    known: list[Limit] = []
    found: list[Finding] = []
    for watch in plan.monitoring.watch:
        number = number_of(watch, list(days.inputs), plan.thresholds.decision)
        said = {"metric": watch.metric, "limit": watch.limit}
        if number is None:
            why = "has no limit" if watch.limit is None else "its words name nothing that the record holds"
            known.append(Limit(why_not=why, **said))
            continue
        measure = _measure(number, days, labelled, above)
        now = measure(end)
        if now is None:
            known.append(Limit(why_not=f"fewer than {FEWEST} answers or outcomes tell it yet", **said))
            continue
        value, rows = now
        since = _since(number, measure, end)
        known.append(Limit(now=round(value, 6), passed=number.passed(value), days=number.window, **said))
        found.append(_finding(number, value, rows, since))
    return known, found


def _since(number: Number, measure: Callable[[int], tuple[float, int] | None], end: int) -> int:
    """The first of the last days, at most eight weeks of them, on each of which the limit was passed."""
    first = end
    while first > max(1, end - HISTORY):
        before = measure(first - 1)
        if before is None or not number.passed(before[0]):
            break
        first -= 1
    return first - 1


def _finding(number: Number, value: float, rows: int, since: int) -> Finding:
    metric = number.watch.metric.strip().rstrip(".")
    over = "" if SPAN.search(metric.lower()) else f" over {number.window} days"
    words = f"{metric} is {value:.3g}{over}, beyond the plan's limit of {number.watch.limit:.3g}"  # fmt: skip
    return Finding(
        cause=number.cause,
        name=number.of or number.kind,
        kind="limit",
        effect=value,
        p=float("nan"),
        rows=rows,
        worth=0.0,
        window=number.window,
        since=since,
        alarming=number.passed(value),
        words=words,
        to_do=number.watch.action,
    )


def _measure(number: Number, days: Days, labelled: Labelled, above: Above) -> Callable[[int], tuple[float, int] | None]:
    """A function from the day to look back from to the value and the rows that tell it."""
    if number.kind == "quality":
        return _quality(number, labelled)
    if number.kind == "time":
        return lambda end: _time(number, days.times[max(0, end - number.window) : end].sum(axis=0))
    if number.kind == "count":
        return lambda end: _count(number, days, end)
    if number.kind == "psi":
        return lambda end: _psi(number, days, end)
    part, rows = _parts(number, days, above)

    def measured(end: int) -> tuple[float, int] | None:
        window = slice(max(0, end - number.window), end)
        of = int(rows[window].sum())
        return (float(part[window].sum() / of), of) if of >= FEWEST else None

    return measured


def _parts(number: Number, days: Days, above: Above) -> tuple[ndarray, ndarray]:
    """By day how many rows it is about, and of how many."""
    import numpy

    if number.kind in {"missing", "unseen"}:
        column = days.inputs[number.of]
        return (column.missing if number.kind == "missing" else column.strange), days.answered
    if number.kind in {"above", "below"}:
        counts = above.counts.get(number.score, numpy.zeros(days.count, dtype=int))
        rows = days.answered if above.counts else numpy.zeros(days.count, dtype=int)
        return (counts if number.kind == "above" else rows - counts), rows
    if number.kind == "refused":
        return days.refused, days.refused + days.answered
    return (days.fallback if number.kind == "fallback" else days.out_of_scope), days.answered


def _quality(number: Number, labelled: Labelled) -> Callable[[int], tuple[float, int] | None]:
    """Over the last days of which outcomes are known."""
    import numpy

    day, error = numpy.array(labelled.day, dtype=int), numpy.array(labelled.error, dtype=float)
    score, yes = numpy.array(labelled.score, dtype=float), numpy.array(labelled.positive, dtype=bool)
    if number.of in {"ROC AUC", "Brier score"} and not numpy.isfinite(score).all():
        return lambda _: None

    def measured(end: int) -> tuple[float, int] | None:
        before = day[day < end]
        if not len(before):
            return None
        last = int(before.max()) + 1
        inside = (day < last) & (day >= last - number.window)
        rows = int(inside.sum())
        if rows < FEWEST:
            return None
        value = _metric(number.of, error[inside], score[inside], yes[inside])
        return (value, rows) if numpy.isfinite(value) else None

    return measured


def _metric(name: str, error: ndarray, score: ndarray, yes: ndarray) -> float:
    """One metric of labelled rows. Of yes/no answers a wrong one said the opposite of what came."""
    import numpy

    said = yes ^ (error > 0)
    precision, recall = scores.share(said & yes, said), scores.share(said & yes, yes)
    if name == "ROC AUC":
        return scores.area(score, yes)
    if name == "Brier score":
        return float(((score - yes) ** 2).mean())
    found = {
        "Precision": precision,
        "Recall": recall,
        "F1": 2 * precision * recall / (precision + recall) if precision + recall else float("nan"),
        "Root mean square error": float(numpy.sqrt((error**2).mean())),
        "Accuracy": float(1 - error.mean()),
    }
    return found.get(name, float(error.mean()))


def _time(number: Number, times: ndarray) -> tuple[float, int] | None:
    """Within which time 99 (95 where it says p95) of 100 answers came: the upper bound of the histogram's bin."""
    import numpy

    rows = int(times.sum())
    if rows < FEWEST:
        return None
    share = 0.95 if "95" in number.watch.metric else 0.99
    place = int(numpy.searchsorted(numpy.cumsum(times), share * rows))
    return float(SECONDS[min(place, len(SECONDS) - 1)]), rows


def _count(number: Number, days: Days, end: int) -> tuple[float, int] | None:
    """Answers a day, over whole days: the day at work is not one yet. Nothing before the first was ever given."""
    window = days.answered[max(0, end - 1 - number.window) : end - 1]
    return (float(window.mean()), int(window.sum())) if days.answered[: end - 1].any() else None


def _psi(number: Number, days: Days, end: int) -> tuple[float, int] | None:
    column = days.inputs[number.of]
    counts = column.counts[max(0, end - number.window) : end].sum(axis=0)
    rows = int(counts.sum())
    return (psi(counts / rows, column.bins.share), rows) if rows >= FEWEST else None
