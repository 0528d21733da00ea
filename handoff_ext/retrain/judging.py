"""Whether a challenger is better: both asked about the same fresh rows, judged row by row."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import ndarray

FEWEST, GROUP_ROWS, GROUP_VALUES, GROUPS = 200, 50, 20, 200
TOO_GOOD = 0.5
"""A challenger that takes away more than this part of the champion's errors has probably seen the answers."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """From when on a challenger counts as better: ``better`` and ``worse`` are shares of answers (0.01: one of 100), or
    for numbers parts of the champion's mean error. ``worse`` is what a group may lose."""

    better: float = 0.01
    worse: float = 0.02


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The verdict: errors of both, the gain (positive: the challenger errs less) with its 95 % interval, and why the
    gate stays shut; empty where it opens."""

    rows: int
    champion: float
    challenger: float
    gain: float
    low: float
    high: float
    groups: dict[str, float] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()

    @property
    def opens(self) -> bool:
        """Whether it may be promoted."""
        return not self.reasons

    def figures(self) -> dict[str, Any]:
        """For the record."""
        return {
            "rows": self.rows,
            "champion's error": round(self.champion, 6),
            "challenger's error": round(self.challenger, 6),
            "gain": [round(self.gain, 6), round(self.low, 6), round(self.high, 6)],
            "groups": {name: round(value, 6) for name, value in self.groups.items()},
            "gate": "open" if self.opens else "; ".join(self.reasons),
        }


def judge(
    champion: ndarray,
    challenger: ndarray,
    groups: Mapping[str, ndarray],
    rule: Rule,
    number: bool = False,
    answered: int | None = None,
    usual: float | None = None,
) -> Judgement:
    """Compare two versions' errors on the same rows.

    Args:
        champion: a row's error: 0 or 1 for labels, the absolute difference for numbers.
        challenger: the same, in the same order; NaN where it gave no answer.
        groups: name to which rows belong to it.
        rule: the plan's.
        number: whether the errors are differences.
        answered: how many rows the challenger answered; all that are not NaN where None.
        usual: the champion's error when it was published: a champion that is broken now is easily halved.
    """
    import numpy

    rows = len(champion)
    given = numpy.isfinite(challenger)
    answered = int(given.sum()) if answered is None else answered
    reasons: list[str] = []
    if rows < FEWEST:
        reasons.append(f"only {rows} rows with a known truth; {FEWEST} are needed")
    if answered < rows:
        reasons.append(f"it gave no answer for {rows - answered} of {rows} rows")
    if not given.any() or rows < 2:
        nothing: dict[str, Any] = {"champion": 0.0, "challenger": 0.0, "gain": 0.0, "low": 0.0, "high": 0.0}
        return Judgement(rows=rows, reasons=tuple(reasons), **nothing)
    ours, theirs = champion[given], challenger[given]
    scale = float(ours.mean()) or 1.0 if number else 1.0
    gained = (ours - theirs) / scale
    low, high = _interval(gained)
    gain = float(gained.mean())
    if gain < rule.better or low <= 0:
        reasons.append(f"it is not surely better: {_shown(gain, number)}, between {_shown(low, number)} and {_shown(high, number)}, where {_shown(rule.better, number)} are asked for")  # noqa: E501  # fmt: skip
    healthy = float(ours.mean()) if usual is None else min(usual, float(ours.mean()))
    if healthy > 0 and theirs.mean() < (1 - TOO_GOOD) * healthy and gain > 5 * rule.better:
        reasons.append("it is too good to be true: look for what it knows beforehand")
    found: dict[str, float] = {}
    for name, members in groups.items():
        inside = members[given]
        if inside.sum() < GROUP_ROWS:
            continue
        part = gained[inside]
        found[name] = float(part.mean())
        error = float(part.std(ddof=1)) / math.sqrt(len(part))
        # A loss beyond the rule that chance does not explain; the more groups, the more chance may do.
        if -part.mean() > rule.worse and -part.mean() > _surely(len(groups)) * error:
            reasons.append(f"it is worse where {name}: {_shown(float(part.mean()), number)}")
    return Judgement(
        rows=rows,
        champion=float(ours.mean()),
        challenger=float(theirs.mean()),
        gain=gain,
        low=low,
        high=high,
        groups=found,
        reasons=tuple(reasons),
    )


def groups_of(columns: Mapping[str, Sequence[Any]]) -> dict[str, ndarray]:
    """Which rows belong together: by each column of few values, and by each number's quarters."""
    import numpy

    found: dict[str, ndarray] = {}
    for name, values in columns.items():
        kinds = {str(value) for value in values}
        if len(kinds) <= GROUP_VALUES:
            texts = numpy.array([str(value) for value in values])
            found |= {f"{name} is {kind}": texts == kind for kind in sorted(kinds)}
        elif all(isinstance(value, int | float) or value is None for value in values):
            numbers = numpy.array([math.nan if value is None else float(value) for value in values])
            known = numbers[numpy.isfinite(numbers)]
            edges = numpy.unique(numpy.quantile(known, [0, 0.25, 0.5, 0.75, 1]))
            for low, high in itertools.pairwise(edges):
                last = high == edges[-1]
                inside = (numbers >= low) & ((numbers <= high) if last else (numbers < high))
                found[f"{name} {low:.4g} to {high:.4g}"] = inside
        if len(found) >= GROUPS:
            break
    return found


def _interval(gained: ndarray) -> tuple[float, float]:
    """95 % by Student's t: at 200 rows and more the mean of differences is near enough to normal."""
    from scipy.stats import t

    half = float(t.ppf(0.975, len(gained) - 1)) * float(gained.std(ddof=1)) / math.sqrt(len(gained))
    return float(gained.mean()) - half, float(gained.mean()) + half


def _surely(tests: int) -> float:
    from scipy.stats import norm

    return float(norm.isf(0.05 / max(1, tests)))


def _shown(share: float, number: bool) -> str:
    return f"{100 * share:+.1f} of 100" if not number else f"{100 * share:+.1f} % of the error"
