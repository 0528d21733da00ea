"""The plan's watched numbers, read from their words: which number of the record each one means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from handoff_ext.contracts.plan import Plan, Watch
from handoff_ext.contracts.profile import Profile
from handoff_ext.contracts.watching import Cause
from handoff_ext.monitor.moving import DAYS, MONTH, WEEK

Kind = Literal[
    "quality", "above", "below", "missing", "unseen", "psi", "fallback", "unlike", "refused", "time", "count"
]
QUALITY: tuple[tuple[str, str, bool], ...] = (
    (r"\bauc\b", "ROC AUC", True),
    (r"\bbrier\b", "Brier score", False),
    (r"\bprecision\b", "Precision", True),
    (r"\brecall\b|\bsensitivity\b", "Recall", True),
    (r"\bf1\b", "F1", True),
    (r"\brmse\b|root mean squared? error", "Root mean square error", False),
    (r"\bmae\b|mean (absolute )?error", "Mean error", False),
    (r"\baccuracy\b|right answers", "Accuracy", True),
    (r"wrong answers|error rate", "Wrong answers", False),
)
"""What a watched number is called, the metric it is, and whether its limit is the least (else the most) it may be."""
COLUMN: tuple[tuple[str, Kind, Cause], ...] = (
    (r"\bpsi\b", "psi", "inputs"),
    (r"missing|without|empty", "missing", "inputs"),
    (r"unseen|unknown|out of range", "unseen", "inputs"),
)
"""Numbers about one input, which must be named as the model names it."""
A_DAY = r"\b(requests|answers|predictions) a day\b"
SERVICE: tuple[tuple[str, Kind, Cause], ...] = (
    (r"fallback", "fallback", "answers"),
    (r"unlike|out of scope", "unlike", "answers"),
    (r"refused|rejected", "refused", "schema"),
    (r"latency|seconds|response time|\bp9[59]\b", "time", "service"),
    (A_DAY, "count", "no traffic"),
)
SCORED = re.compile(r"(?:scored?|scores|probability)\D*?(\d*\.?\d+)")
BELOW = re.compile(r"below|under|less|or fewer|or lower")
SPAN = re.compile(r"(\d+)?\s*\b(day|week|month)s?\b")


@dataclass(frozen=True, kw_only=True)
class Number:
    """A watched number as read: what it is, of which column or metric, over how many days, and its limit, which is the
    least it may be where ``least``, else the most. ``score`` is the score that it is about."""

    watch: Watch
    kind: Kind
    cause: Cause
    of: str = ""
    window: int = WEEK
    limit: float = 0.0
    least: bool = False
    score: float = 0.0

    def passed(self, value: float) -> bool:
        """Whether a value is beyond the limit."""
        return value < self.limit if self.least else value > self.limit


def numbers_of(plan: Plan, profile: Profile) -> list[Number]:
    """The plan's watched numbers that can be read."""
    columns, act_from = list(profile.inputs), plan.thresholds.decision
    found = (number_of(watch, columns, act_from) for watch in plan.monitoring.watch)
    return [each for each in found if each]


def number_of(watch: Watch, columns: Sequence[str], act_from: float | None) -> Number | None:
    """What a watched number's words mean; None where they have no limit, or name nothing that the record holds.

    Args:
        watch: as the plan says it.
        columns: the model's inputs.
        act_from: the plan's score from which somebody acts.
    """
    text = watch.metric.lower()
    if watch.limit is None:
        return None
    span = SPAN.search(re.sub(A_DAY, "", text))
    window = int(span.group(1) or 1) * DAYS[span.group(2)] if span else 0
    for words, name, least in QUALITY:
        if re.search(words, text):
            limit = _share(watch, text) if name in {"Accuracy", "Wrong answers"} else watch.limit
            return Number(
                watch=watch, kind="quality", cause="outcomes", of=name, window=window or MONTH, limit=limit, least=least
            )
    column = next((each for each in sorted(columns, key=len, reverse=True) if _named(each, text)), "")
    for words, kind, cause in COLUMN if column else ():
        if re.search(words, text):
            limit = watch.limit if kind == "psi" else _share(watch, text)
            return Number(watch=watch, kind=kind, cause=cause, of=column, window=window or WEEK, limit=limit)
    for words, kind, cause in SERVICE:
        if re.search(words, text):
            limit = watch.limit if kind in {"time", "count"} else _share(watch, text)
            limit = limit / 1000 if kind == "time" and re.search(r"\bms\b|millisecond", text) else limit
            least = kind == "count" and not re.search(r"at most|more than|above", text)
            return Number(watch=watch, kind=kind, cause=cause, window=window or WEEK, limit=limit, least=least)
    scored = SCORED.search(text)
    score = float(scored.group(1)) if scored else act_from if re.search(r"flagged|marked|called", text) else None
    if score is not None:
        kind = "below" if scored and BELOW.search(text) else "above"
        limit = _share(watch, text)
        return Number(watch=watch, kind=kind, cause="answers", window=window or WEEK, limit=limit, score=score)
    return None


def _share(watch: Watch, text: str) -> float:
    """A limit of a share; 5 means 5 of 100."""
    assert watch.limit is not None
    return watch.limit / 100 if watch.limit > 1 or "%" in text else watch.limit


def _named(column: str, text: str) -> bool:
    return re.search(rf"(?<![\w]){re.escape(column.lower())}(?![\w])", text) is not None
