"""The log, read once, as counts by day: what every question of a check is answered from."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.profile import Profile
from handoff_ext.ledger.tables import REFUSED
from handoff_ext.monitor.bins import Bins, bins_of, place_of
from handoff_ext.monitor.lookups import Known

if TYPE_CHECKING:
    import pyarrow
    from numpy import ndarray

SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Bounds of the histogram of times, in seconds a row."""
DAY = 86_400_000


@dataclass
class ColumnDays:
    """One input or output: ``counts`` by day and bin; ``missing`` and ``strange`` (out of range, unseen) by day;
    ``sums`` by day: values, their sum and sum of squares, of numbers."""

    bins: Bins
    counts: ndarray
    missing: ndarray
    strange: ndarray


@dataclass
class Days:
    """All of one version's traffic. Arrays begin with ``first`` and have a place for each day up to the last;
    ``lookups`` counts rows that are not in a table that travels with the model, by the table's name."""

    first: datetime.date
    count: int
    answered: ndarray
    refused: ndarray
    fallback: ndarray
    out_of_scope: ndarray
    times: ndarray
    busy: ndarray
    inputs: dict[str, ColumnDays] = field(default_factory=dict)
    outputs: dict[str, ColumnDays] = field(default_factory=dict)
    lookups: dict[str, ndarray] = field(default_factory=dict)
    calibrated: ndarray | None = None
    problems: dict[str, int] = field(default_factory=dict)
    askers: dict[str, int] = field(default_factory=dict)
    last: datetime.datetime | None = None

    def day(self, index: int) -> datetime.date:
        """The date of a place."""
        return self.first + datetime.timedelta(days=int(index))


class Tally:
    """Counts tables of predictions into :class:`Days`.

    Args:
        profile: the reference, whose bins are used.
        first: the first day that counts.
        count: how many days.
        scored: the output that the calibration is about; empty for none.
    """

    def __init__(self, profile: Profile, first: datetime.date, count: int, scored: str = "") -> None:
        import numpy

        def days(*wide: int) -> ndarray:
            return numpy.zeros((count, *wide), dtype=numpy.int64)

        def columns(known: Mapping[str, Any]) -> dict[str, ColumnDays]:
            binned = {name: bins_of(column) for name, column in known.items()}
            return {name: ColumnDays(bins, days(bins.size), days(), days()) for name, bins in binned.items() if bins}

        self._edges = [bin.low for bin in profile.calibration][1:]
        self._scored = f"out:{scored}" if scored and profile.calibration else ""
        self._lookups = [Known(each) for each in profile.lookups]
        self.days = Days(
            first=first,
            count=count,
            answered=days(),
            refused=days(),
            fallback=days(),
            out_of_scope=days(),
            times=days(len(SECONDS) + 1),
            busy=numpy.zeros(count),
            inputs=columns(profile.inputs),
            outputs=columns(profile.outputs),
            lookups={each.table: days() for each in profile.lookups},
            calibrated=days(len(profile.calibration)) if self._scored else None,
        )

    @property
    def columns(self) -> list[str]:
        """The log's columns that are counted."""
        days = self.days
        named = [*days.inputs, *(key for each in self._lookups for key in each.keys)]
        inputs, outputs = [f"in:{name}" for name in named], [f"out:{name}" for name in days.outputs]
        wanted = ["time", "status", "fallback", "problem", "by", "in_scope", "ms", *inputs, *outputs]
        return list(dict.fromkeys([*wanted, *([self._scored] if self._scored else [])]))

    def add(self, table: pyarrow.Table) -> None:
        """Count one table."""
        import numpy
        from pyarrow import compute

        if not table.num_rows:
            return
        days = self.days
        stamps = table["time"].cast("int64").to_numpy()
        latest = datetime.datetime.fromtimestamp(int(stamps.max()) / 1000, datetime.UTC)
        days.last = max(days.last, latest) if days.last else latest
        at = stamps // DAY - days.first.toordinal() + datetime.date(1970, 1, 1).toordinal()
        inside = (at >= 0) & (at < days.count)
        refused = compute.equal(table["status"], REFUSED).to_numpy()
        _count(days.refused, at[refused & inside])
        for value in compute.value_counts(table.filter(refused)["problem"]).to_pylist() if refused.any() else ():
            days.problems[value["values"]] = days.problems.get(value["values"], 0) + value["counts"]
        keep = inside & ~refused
        if not keep.all():
            table, at = table.filter(keep), at[keep]
        for value in compute.value_counts(table["by"]).to_pylist():
            days.askers[value["values"]] = days.askers.get(value["values"], 0) + value["counts"]
        _count(days.answered, at)
        _count(days.fallback, at[compute.not_equal(table["fallback"], "").to_numpy()])
        _count(days.out_of_scope, at[compute.invert(table["in_scope"]).to_numpy()])
        seconds = table["ms"].to_numpy() / 1000
        _count(days.times, at, numpy.searchsorted(SECONDS, seconds, side="left"))
        days.busy += numpy.bincount(at, weights=seconds, minlength=days.count)
        names = set(table.column_names)
        for prefix, columns in (("in:", days.inputs), ("out:", days.outputs)):
            for name, column in columns.items():
                if prefix + name in names:
                    _add(column, table[prefix + name], at)
        for lookup in self._lookups:
            _count(days.lookups[lookup.table], at[lookup.absent(table)])
        if days.calibrated is not None and self._scored in names:
            scores = table[self._scored].to_numpy()
            known = numpy.isfinite(scores)
            _count(days.calibrated, at[known], numpy.searchsorted(self._edges, scores[known], side="right"))


def _add(column: ColumnDays, values: Any, at: ndarray) -> None:
    places, strange = place_of(column.bins, values.combine_chunks() if values.num_chunks != 1 else values.chunk(0))
    there = places >= 0
    _count(column.counts, at[there], places[there])
    _count(column.strange, at[strange])
    _count(column.missing, at[~there & ~strange])


def _count(into: ndarray, at: ndarray, places: ndarray | None = None) -> None:
    import numpy

    if places is None:
        into += numpy.bincount(at, minlength=len(into))
    else:
        wide = into.shape[1]
        into += numpy.bincount(at * wide + places, minlength=into.size).reshape(into.shape)


def tallied(tables: Iterable[pyarrow.Table], tally: Tally) -> Days:
    """Count all tables."""
    for table in tables:
        tally.add(table)
    return tally.days
