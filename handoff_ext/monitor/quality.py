"""Whether answers still come true: overall, by group, over weeks, and whether outcomes arrive at all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.profile import Profile
from handoff_ext.monitor.days import Days
from handoff_ext.monitor.moving import CHANCE, HISTORY, MONTH, WEEK, WINDOWS, Finding, finding
from handoff_ext.monitor.statistics import Moved, mean_moved, trend
from handoff_ext.monitor.truth import Labelled, task_of
from handoff_ext.publish import scores

if TYPE_CHECKING:
    from numpy import ndarray

POINTS, RELATIVE = 0.015, 0.1
"""From how much worse it counts: of labels in shares of the answers, of numbers in parts of the reference's error."""
SPANS = (3, *WINDOWS)
"""Days of the windows; the shortest sees a few points a week in the first week."""
FEWEST = 30


def usual_error(profile: Profile) -> tuple[float, float] | None:
    """The mean error on the hold-out, and its own standard error; None where the profile does not say."""
    rows = max((output.count for output in profile.outputs.values()), default=0)
    if task_of(profile) == "number":
        mean = profile.metrics.get("Mean error")
        # The spread of absolute errors is about their mean (exactly 0.76 of it for normal errors).
        return None if mean is None or not rows else (mean, mean / math.sqrt(rows))
    right = profile.metrics.get("Accuracy")
    return None if right is None or not rows else (1 - right, math.sqrt(right * (1 - right) / rows))


def outcomes_moved(labelled: Labelled, days: Days, profile: Profile, end: int) -> list[Finding]:
    """The mean error against the hold-out's, by window; its trend; and each group that the profile knows."""
    import numpy

    usual = usual_error(profile)
    if usual is None or not labelled.day:
        return []
    number = task_of(profile) == "number"
    floor = RELATIVE * usual[0] if number else POINTS
    name = "mean error" if number else "right answers"
    daily = labelled.by_day(days.count)[:end]
    last = int(numpy.flatnonzero(daily[:, 0])[-1]) + 1
    found = [_level(name, daily[:last], usual, floor, 1), _trend(name, daily[:last], floor)]
    known = {f"{group['column']} {group['value']}": group for group in profile.slices}
    for group, members in labelled.groups.items():
        inside = numpy.array(members, dtype=bool)
        if inside.sum() < FEWEST:
            continue
        own = known[group]
        spread = math.sqrt(max(own["error"] * (1 - own["error"]), 0.0) / own["count"]) if not number else own["error"]
        daily_own = labelled.by_day(days.count, inside)[:last]
        found.append(_level(f"{name}, {group}", daily_own, (own["error"], spread), 2 * floor, len(labelled.groups)))
    return [each for each in found if each]


def _level(name: str, daily: ndarray, usual: tuple[float, float], floor: float, tests: int) -> Finding:
    seen = []
    for window in SPANS:
        start = max(0, len(daily) - window)
        seen.append((window, mean_moved(daily[start:], daily[max(0, start - HISTORY) : start], *usual)))
    alarming = [each for each in seen if each[1].effect >= floor and each[1].p < CHANCE / tests / len(SPANS)]
    window, moved = max(alarming, key=lambda each: each[1].effect) if alarming else seen[-1]
    return finding("outcomes", name, "level", moved, window, _since(daily, usual[0], floor), bool(alarming))


def _trend(name: str, daily: ndarray, floor: float) -> Finding:
    """How much a month's change would be; a few points a week don't hide in a daily picture."""
    recent = daily[max(0, len(daily) - HISTORY) :]
    slope, p = trend(recent)
    effect = slope * MONTH
    moved = Moved(effect=effect, p=p, rows=int(recent[:, 0].sum()), worth=float((recent[:, 0] > 0).sum()))
    since = len(daily) - len(recent)
    return finding("outcomes", f"{name}, trend", "a month", moved, HISTORY, since, effect >= floor and p < CHANCE)


def _since(daily: ndarray, usual: float, floor: float) -> int:
    """The day from which on the errors stay above the usual: where their running excess is least (CUSUM)."""
    import numpy

    excess = numpy.cumsum(daily[:, 1] - daily[:, 0] * (usual + floor / 2))
    return min(int(numpy.argmin(excess)) + 1, len(daily) - 1) if len(excess) and excess.min() < 0 else 0


def late_labels(labelled: Labelled, days: Days, after: float | None, end: int) -> Finding | None:
    """Whether outcomes stopped coming, by how many of the answers that are due have one; None where nobody said when
    they would be known, and none ever came."""
    import numpy

    if after is None and not labelled.day:
        return None
    delay = math.ceil(after if after is not None else float(numpy.quantile(labelled.late, 0.9))) + 1
    due = end - delay
    asked = days.answered[: max(due, 0)]
    if due < WEEK or not asked.any():
        return None
    with_truth = labelled.by_day(days.count)[:due, 0]
    share = with_truth[due - WEEK :].sum() / max(1, asked[due - WEEK :].sum())
    before = with_truth[: due - WEEK].sum() / max(1, asked[: due - WEEK].sum())
    last_days = with_truth[due - 3 :].sum() / max(1, asked[due - 3 :].sum())
    never = not labelled.day and asked.sum() >= FEWEST
    stopped = before > 0 and last_days < before / 2 and asked[due - 3 :].sum() * before >= FEWEST
    labels = numpy.flatnonzero(with_truth)
    since = int(labels[-1]) + 1 if len(labels) else 0
    words = "No outcome was ever reported" if never else f"Of 100 answers {100 * last_days:.0f} have an outcome"
    return Finding(
        cause="late labels",
        name="outcomes",
        kind="share",
        effect=float(share - before),
        p=float("nan"),
        rows=int(asked[due - WEEK :].sum()),
        worth=0.0,
        window=WEEK,
        since=min(since, end - 1),
        alarming=bool(never or stopped),
        words=words,
    )


def metrics_now(labelled: Labelled, profile: Profile, end: int) -> dict[str, Any]:
    """The metrics over the last four weeks of labelled answers, each beside its reference."""
    import numpy

    day = numpy.array(labelled.day, dtype=int)
    recent = (day >= end - MONTH) & (day < end)
    if recent.sum() < FEWEST:
        return {}
    error = numpy.array(labelled.error)[recent]
    found: dict[str, float] = {}
    if task_of(profile) == "number":
        found["Mean error"] = float(error.mean())
        found["Root mean square error"] = float(numpy.sqrt((error**2).mean()))
    else:
        found["Accuracy"] = float(1 - error.mean())
    score, positive = numpy.array(labelled.score)[recent], numpy.array(labelled.positive)[recent]
    if numpy.isfinite(score).all():
        found["ROC AUC"] = scores.area(score, positive)
        found["Brier score"] = float(((score - positive) ** 2).mean())
    return {
        name: {"now": round(value, 6), "reference": profile.metrics.get(name)}
        for name, value in found.items()
        if math.isfinite(value)
    }


def estimated_change(days: Days, profile: Profile, limit: float, end: int, since: int) -> float | None:
    """How many more or fewer answers are probably right than on the hold-out, as a share, while no outcomes are known:
    by how often answers with these scores were right there. Holds while only the inputs changed, not what they mean
    (confidence-based performance estimation; Guillory et al., "Predicting with Confidence on Unseen Distributions",
    ICCV 2021). None where the profile has no calibration.
    """
    import numpy

    if days.calibrated is None:
        return None
    now = days.calibrated[max(since, 0) : end].sum(axis=0)
    if now.sum() < FEWEST:
        return None
    bins = profile.calibration
    reference = numpy.array([bin.count for bin in bins], dtype=float)
    yes = numpy.array([(bin.right + 0.5) / (bin.count + 1) for bin in bins])
    middle = numpy.array([(bin.low + bin.high) / 2 for bin in bins])
    right = numpy.where(middle >= limit, yes, 1 - yes)
    return float((now / now.sum() - reference / reference.sum()) @ right)


def beside(mine: Labelled, theirs: Labelled) -> Mapping[str, float]:
    """A challenger's errors beside the champion's on the answers both gave: means, their difference and its standard
    error, and how many."""
    import numpy

    ours = dict(zip(mine.ids, mine.error, strict=True))
    pairs = [(ours[id], error) for id, error in zip(theirs.ids, theirs.error, strict=True) if id in ours]
    if len(pairs) < 2:
        return {"rows": len(pairs)}
    both = numpy.array(pairs)
    apart = both[:, 1] - both[:, 0]
    return {
        "rows": len(pairs),
        "champion": float(both[:, 0].mean()),
        "challenger": float(both[:, 1].mean()),
        "difference": float(apart.mean()),
        "error": float(apart.std(ddof=1) / math.sqrt(len(pairs))),
    }
