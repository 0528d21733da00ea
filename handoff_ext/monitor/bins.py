"""Which values of a column count as alike: bins of the reference, few enough that each is well known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.profile import ColumnProfile

if TYPE_CHECKING:
    from numpy import ndarray

SMALLEST_SHARE, MOST = 0.05, 10


@dataclass(frozen=True, kw_only=True)
class Bins:
    """Bins of one column. ``share`` is the reference's share of present values in each, of ``count`` values.

    Numbers: ``edges`` between the bins, the first and last open; ``low`` and ``high`` bound what was seen. Categories:
    ``place`` maps a value to its bin; several rare ones share one; ``other`` is the bin of values not listed, or -1
    where the reference lists all: then another value is an unseen one.
    """

    share: ndarray
    count: int
    missing: float
    edges: ndarray | None = None
    low: float = 0.0
    high: float = 0.0
    place: dict[str, int] | None = None
    other: int = -1

    @property
    def size(self) -> int:
        """How many bins."""
        return len(self.share)


def bins_of(column: ColumnProfile) -> Bins | None:
    """The bins of a profiled column; None where the profile says nothing of its values (free text, personal)."""
    present = column.count - column.missing
    if present <= 0:
        return None
    missing = column.missing / column.count
    if column.kind == "number" and column.edges and isinstance(column.min, float) and isinstance(column.max, float):
        return _numbers(column, missing)
    if column.categories:
        return _categories(column, missing)
    return None


def _numbers(column: ColumnProfile, missing: float) -> Bins:
    """Neighbours are put together until each bin holds at least a twentieth of the reference."""
    import numpy

    total = sum(column.counts)
    edges: list[float] = []
    shares: list[float] = []
    gathered = 0
    for index, count in enumerate(column.counts):
        gathered += count
        rest = sum(column.counts[index + 1 :])
        if gathered >= SMALLEST_SHARE * total and rest >= SMALLEST_SHARE * total and len(shares) < MOST - 1:
            shares.append(gathered / total)
            edges.append(column.edges[index + 1])
            gathered = 0
    shares.append(gathered / total)
    assert isinstance(column.min, float) and isinstance(column.max, float)
    return Bins(
        share=numpy.array(shares),
        count=total,
        missing=missing,
        edges=numpy.array(edges, dtype=float),
        low=column.min,
        high=column.max,
    )


def _categories(column: ColumnProfile, missing: float) -> Bins:
    """Frequent values have a bin each; the rare ones share one."""
    import numpy

    total = sum(column.categories.values()) + column.other
    place: dict[str, int] = {}
    shares: list[float] = []
    rare: list[str] = []
    for value, count in column.categories.items():
        if count >= SMALLEST_SHARE * total / 2 and len(shares) < MOST:
            place[value] = len(shares)
            shares.append(count / total)
        else:
            rare.append(value)
    left = 1.0 - sum(shares)
    if rare or column.other:
        place |= dict.fromkeys(rare, len(shares))
        shares.append(left)
    return Bins(
        share=numpy.array(shares),
        count=total,
        missing=missing,
        place=place,
        other=len(shares) - 1 if column.other else -1,
    )


def place_of(bins: Bins, values: Any) -> tuple[ndarray, ndarray]:
    """Each value's bin, -1 where it is missing, and whether it is strange: out of the known range, or unseen.

    Args:
        bins: of the column.
        values: an Arrow array.
    """
    import numpy

    if bins.edges is not None:
        numbers = _as_numbers(values)
        gone = ~numpy.isfinite(numbers)
        places = numpy.searchsorted(bins.edges, numbers, side="right")
        strange = (numbers < bins.low) | (numbers > bins.high)
        places[gone] = -1
        return places, strange & ~gone
    assert bins.place is not None
    return _categories_of(bins, values)


def _categories_of(bins: Bins, values: Any) -> tuple[ndarray, ndarray]:
    import numpy
    import pyarrow as pa
    from pyarrow import compute

    assert bins.place is not None
    texts = as_texts(values)
    known = pa.array(bins.place, pa.string())
    found = compute.fill_null(compute.index_in(texts, known), -1).to_numpy(zero_copy_only=False)
    to_bin = numpy.array([*bins.place.values(), bins.other])
    places = to_bin[found]  # -1 takes the last: that of values not listed
    gone = compute.is_null(texts).to_numpy(zero_copy_only=False)
    strange = (found < 0) & ~gone & (bins.other < 0)
    places = numpy.where(strange | gone, -1, places)
    return places, strange


def _as_numbers(values: Any) -> ndarray:
    import numpy
    import pyarrow as pa
    from pyarrow import compute

    if not pa.types.is_floating(values.type):
        try:
            values = compute.cast(values, pa.float64())
        except pa.ArrowInvalid:
            return numpy.full(len(values), numpy.nan)
    found: ndarray = compute.fill_null(values, float("nan")).to_numpy(zero_copy_only=False)
    return found


def as_texts(values: Any) -> Any:
    """An Arrow array's values as the profile spells them: True, 1, 2.5."""
    import pyarrow as pa
    from pyarrow import compute

    if pa.types.is_string(values.type):
        return values
    if pa.types.is_boolean(values.type):
        yes, no, none = (pa.scalar(each, pa.string()) for each in ("True", "False", None))
        return (
            compute.if_else(values, yes, no)
            if not values.null_count
            else compute.coalesce(compute.if_else(values, yes, no), none)
        )
    from handoff_ext.publish.scores import spelled

    return pa.array([None if value is None else spelled(value) for value in values.to_pylist()], pa.string())
