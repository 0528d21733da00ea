"""How far distributions and means moved, and whether chance alone moves them so far.

Rows of one day are alike (one weather, one campaign), so a thousand of them are not a thousand witnesses. Each test
therefore measures chance by how much days differ from each other (Rao and Scott, "On Chi-Squared Tests for Multiway
Contingency Tables with Cell Proportions Estimated from Survey Data", Annals of Statistics 12, 1984; the F form: Thomas
and Rao, JASA 82, 1987).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import ndarray


FEWEST_DAYS, MANY_DAYS, TREND_DAYS, FEWEST_ROWS = 3, 14, 14, 2
BAD_DAY = 0.01
"""How often a day is bad where nothing is known of it."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """How far something is from the reference: ``effect`` in its own unit, ``p`` the probability of at least that by
    chance, ``rows`` the rows it is seen on, ``worth`` the independent rows they are worth."""

    effect: float
    p: float
    rows: int
    worth: float


def psi(now: ndarray, reference: ndarray) -> float:
    """Population stability index of two distributions over the same bins: sum of (p - q) ln(p / q).

    Shares of zero count as one in a million, so that a value that never occurred weighs much but not infinitely.
    """
    import numpy

    p, q = numpy.maximum(now, 1e-6), numpy.maximum(reference, 1e-6)
    return float(((p - q) * numpy.log(p / q)).sum())


def jensen_shannon(now: ndarray, reference: ndarray) -> float:
    """Jensen-Shannon distance, 0 (alike) to 1 (nothing in common): the root of the divergence to base 2."""
    import numpy

    middle = (now + reference) / 2

    def divergence(share: ndarray) -> float:
        inside = share > 0
        return float((share[inside] * numpy.log2(share[inside] / middle[inside])).sum())

    return math.sqrt(max(0.0, (divergence(now) + divergence(reference)) / 2))


@dataclass(frozen=True, kw_only=True)
class Chance:
    """What chance alone does to a window's squared distance from the reference: its mean, its degrees of freedom, and
    on how many days that stands."""

    mean: float
    freedom: float
    days: int


def by_chance(window: ndarray, before: ndarray, reference: ndarray) -> Chance:
    """How far a window's shares stray from the truth when nothing changes, by how much days differ from each other.

    The covariance of the days' shares gives the eigenvalues of the distance's distribution; its first two moments are
    kept (Satterthwaite; the second-order correction of Rao and Scott). Never less than independent rows would give.

    Args:
        window: counts, a row a day, a column a bin.
        before: the same for days before it: they alone say how days differ where they are many, because a change
            inside the window must not look like spread.
        reference: the reference's shares, none of them 0.
    """
    import numpy

    rows = window.sum(axis=1)
    known = before[before.sum(axis=1) > 0]
    if len(known) < MANY_DAYS:
        known = numpy.concatenate([known, window[rows > 0]])
    plain = (len(reference) - 1) / rows.sum()
    if len(known) < FEWEST_DAYS:
        return Chance(mean=plain, freedom=len(reference) - 1, days=len(known))
    weight = known.sum(axis=1)
    apart = known / weight[:, None] - known.sum(axis=0) / weight.sum()
    spread = (apart * weight[:, None]).T @ apart / weight.sum() * len(known) / (len(known) - 1)
    scaled = spread / numpy.sqrt(numpy.outer(reference, reference)) * float((rows**2).sum()) / float(rows.sum()) ** 2
    mean, square = float(numpy.trace(scaled)), float((scaled**2).sum())
    if mean <= plain or not square:
        return Chance(mean=plain, freedom=len(reference) - 1, days=len(known))
    return Chance(mean=mean, freedom=max(1.0, mean**2 / square), days=len(known))


def distribution_moved(window: ndarray, before: ndarray, reference: ndarray, known: int) -> Moved:
    """Whether the window's distribution is another than the reference's. The effect is the PSI beyond what chance alone
    would give.

    Args:
        window: counts, a row a day, a column a bin.
        before: the same for days before it.
        reference: the reference's shares.
        known: the reference's rows.
    """
    from scipy.stats import f

    now, rows = window.sum(axis=0), int(window.sum())
    bins = len(reference)
    if not rows or bins < 2:
        return Moved(effect=0.0, p=1.0, rows=rows, worth=0.0)
    smooth = (reference * known + 0.5) / (known + 0.5 * bins)
    chance = by_chance(window, before, smooth)
    usual = chance.mean + (bins - 1) / known
    square = float(((now / rows - smooth) ** 2 / smooth).sum())
    p = float(f.sf(square / usual, chance.freedom, chance.days - 1)) if chance.days >= FEWEST_DAYS else 1.0
    p = max(p, most_days(window, before, smooth))
    # Half a row keeps an empty bin from weighing more than the rows can say.
    worth = (bins - 1) / chance.mean
    damped = (now / rows * worth + 0.5 * smooth) / (worth + 0.5)
    return Moved(effect=max(0.0, psi(damped, smooth) - usual), p=p, rows=rows, worth=worth)


def most_days(window: ndarray, before: ndarray, reference: ndarray) -> float:
    """How probably chance alone makes so many of a window's days look like the window's others more than like the
    reference: a few strange days (a storm), or none of the usual strange ones for a week, are no change.

    How often a day looks so by chance is taken from the days before, but for those right before that look so too; and,
    as more of them may have changed, from the reference as if a day's rows were all alike. The smaller probability
    counts, twice.

    Args:
        window: counts, a row a day, a column a bin.
        before: the same for days before it.
        reference: the reference's shares, none of them 0.
    """
    import numpy
    from scipy.stats import binom

    days = window[window.sum(axis=1) > 0]
    if len(days) < FEWEST_DAYS:
        return 1.0
    others = days.sum(axis=0) - days
    likeness = numpy.log(_smooth(others, reference) / reference)
    votes = int(((days * likeness).sum(axis=1) > 0).sum())
    whole = numpy.log(_smooth(days.sum(axis=0)[None, :], reference)[0] / reference)
    by_rows = float(reference[whole > 0].sum())
    known = _before_the_run(before[before.sum(axis=1) > 0] @ whole > 0)
    often = (int(known.sum()) + by_rows) / (len(known) + 1)
    return min(1.0, 2 * min(float(binom.sf(votes - 1, len(days), min(1.0, each))) for each in (often, by_rows)))


def _smooth(counts: ndarray, reference: ndarray) -> ndarray:
    """Shares by row, half a row a bin added as the reference has it, so that no bin is empty."""
    added = counts + 0.5 * len(reference) * reference
    shares: ndarray = added / added.sum(axis=1, keepdims=True)
    return shares


def _before_the_run(strange: ndarray) -> ndarray:
    """The days before those at the end that are all strange: a change that goes on must not become the usual."""
    import numpy

    ordinary = numpy.flatnonzero(~strange)
    return strange[: int(ordinary[-1]) + 1] if len(ordinary) else strange[:0]


def rate_moved(
    so: ndarray,
    rows: ndarray,
    before: ndarray,
    rows_before: ndarray,
    usual: float,
    often: float = BAD_DAY,
) -> Moved:
    """Whether a share is above the usual one on so many days that chance is out of the question. The day is the unit:
    a feed that fails for one day fails for all of its rows. The effect is the share of the last days.

    Args:
        so: rows that are so, by day.
        rows: all rows, by day.
        before: the same for days before; how many of them were bad says how often that happens.
        rows_before: the same.
        usual: the share from which a day is bad.
        often: how often a day is bad where the days before say nothing.
    """
    from scipy.stats import binom

    days, total = int((rows > 0).sum()), float(rows.sum())
    if not total:
        return Moved(effect=0.0, p=1.0, rows=0, worth=0.0)
    bad = int(((so > usual * rows) & (so > FEWEST_ROWS)).sum())
    known = _before_the_run((before > usual * rows_before)[rows_before > 0])
    often = max(BAD_DAY, (int(known.sum()) + often) / (len(known) + 1))
    p = float(binom.sf(bad - 1, days, min(1.0, often))) if bad else 1.0
    return Moved(effect=float(so.sum()) / total, p=p, rows=int(total), worth=float(days))


def mean_moved(window: ndarray, before: ndarray, expected: float, error: float = 0.0) -> Moved:
    """Whether a mean is another than expected. The effect is the difference.

    Args:
        window: a row a day: number of rows, sum, sum of squares.
        before: the same for days before it.
        expected: the reference's mean.
        error: the reference's own standard error.
    """
    from scipy.stats import t

    rows = float(window[:, 0].sum())
    if rows < 2:
        return Moved(effect=0.0, p=1.0, rows=int(rows), worth=rows)
    mean = float(window[:, 1].sum()) / rows
    effects = [_mean_effect(part) for part in (window, before)]
    inflated, days = max(effects[1:] if effects[1][1] >= MANY_DAYS else effects)
    variance = max(0.0, float(window[:, 2].sum()) / rows - mean**2)
    worth = rows / inflated
    spread = math.sqrt(variance / worth + error**2)
    away = mean - expected
    p = 1.0 if days < 2 or not spread else 2 * float(t.sf(abs(away) / spread, days - 1))
    return Moved(effect=away, p=p if spread else float(not away), rows=int(rows), worth=worth)


def trend(days: ndarray) -> tuple[float, float]:
    """Change of a daily mean a day, weighted by rows, and the probability of at least that by chance.

    Args:
        days: a row a day: number of rows, sum, sum of squares; days without rows are passed over.
    """
    import numpy
    from scipy.stats import t

    at = numpy.flatnonzero(days[:, 0] > 0)
    if len(at) < TREND_DAYS:
        return 0.0, 1.0
    weight, mean = days[at, 0], days[at, 1] / days[at, 0]
    middle = numpy.average(at, weights=weight)
    apart = at - middle
    spread = float((weight * apart**2).sum())
    slope = float((weight * apart * mean).sum()) / spread
    left = mean - numpy.average(mean, weights=weight) - slope * apart
    error = math.sqrt(float((weight * left**2).sum()) / (len(at) - 2) / spread)
    return slope, 2 * float(t.sf(abs(slope) / error, len(at) - 2)) if error else float(not slope)


def _mean_effect(days: ndarray) -> tuple[float, int]:
    """The design effect of a mean, and the days that say it."""
    days = days[days[:, 0] > 0]
    count, rows = len(days), float(days[:, 0].sum())
    if count < 2 or rows < 3:
        return 1.0, count
    mean = float(days[:, 1].sum()) / rows
    between = count / (count - 1) * float(((days[:, 1] - days[:, 0] * mean) ** 2).sum()) / rows**2
    chance = max(0.0, float(days[:, 2].sum()) / rows - mean**2) / rows
    return (max(1.0, between / chance) if chance else 1.0), count
