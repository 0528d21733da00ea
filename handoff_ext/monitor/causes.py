"""From what moved to alerts: one a cause, in words that say what, since when, what it may cost, and what to do."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import get_args

from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.watching import Alert, Cause
from handoff_ext.contracts.words import ALERT
from handoff_ext.monitor.days import Days
from handoff_ext.monitor.moving import Finding

TOGETHER = 4
"""Days within which things that move have one cause."""
NAMED = 3
ORDER: tuple[Cause, ...] = tuple(cause for cause in get_args(Cause) if cause != "challenger")
TO_DO: Mapping[str, str] = {**{cause: to_do for cause, (_, to_do) in ALERT.items()}, "challenger": ""}
"""Where the plan's watched numbers say nothing of it."""
ABOUT: Mapping[str, tuple[str, ...]] = {
    "outcomes": ("auc", "accuracy", "right", "error", "precision", "recall", "brier", "r²", "f1"),
    "answers": ("score", "share", "answers", "flagged", "marked"),
    "inputs": ("input", "missing", "without", "unseen", "range"),
    "service": ("latency", "seconds", "time", "slow"),
    "no traffic": ("traffic", "requests", "volume"),
}
"""Words by which a plan's watched number is about a cause."""


def causes(
    found: Sequence[Finding],
    days: Days,
    plan: Plan,
    importance: Mapping[str, float],
    model: str,
    version: str,
    estimate: float | None,
) -> list[Alert]:
    """Alerts for all that is alarming. What moved with the inputs is told with them; the rest is an alert of its own.

    Args:
        found: everything that was looked at.
        days: for dates.
        plan: owner, and what to do.
        importance: of inputs; the most important is named first.
        model: its name.
        version: its number.
        estimate: the probable change of right answers (a share) by the change of inputs; None where none is claimed.
    """
    alarming = [finding for finding in found if finding.alarming]
    by_cause = {cause: [each for each in alarming if each.cause == cause] for cause in ORDER}
    begun = min((each.since for each in by_cause["inputs"]), default=None)
    told_with_inputs: list[str] = []
    actions: list[str] = []
    if begun is not None:
        for cause in ("answers", "outcomes"):
            group = by_cause[cause]
            if group and all(_with(each, begun) for each in _dated(group)):
                told_with_inputs += _moved_too(cause, group)
                actions += [each.to_do for each in group]
                by_cause[cause] = []
    return [
        Alert(
            model=model,
            version=version,
            cause=cause,
            since=days.day(_begun(group)).isoformat(),
            what=_what(cause, group, days, importance, told_with_inputs if cause == "inputs" else []),
            matters=_matters(cause, group, estimate if cause == "inputs" else None, importance),
            to_do=_to_do(plan, cause, [each.to_do for each in group] + (actions if cause == "inputs" else [])),
            owner=plan.owner.name,
        )
        for cause, group in by_cause.items()
        if group
    ]


def _dated(group: Sequence[Finding]) -> Sequence[Finding]:
    """Those that say best when it began: a trend only says how far back it was looked for, and the day of a part of the
    rows is less sure than that of all; both count where they are alone."""
    steps = [each for each in group if each.kind != "a month"]
    whole = [each for each in steps if each.cause != "outcomes" or ", " not in each.name]
    return whole or steps or group


def _begun(group: Sequence[Finding]) -> int:
    return min(each.since for each in _dated(group))


def _with(finding: Finding, begun: int) -> bool:
    """Whether a finding has the cause that began then; a limit on a long window is passed later."""
    later = finding.window if finding.kind == "limit" else TOGETHER
    return -TOGETHER <= finding.since - begun <= later


def _to_do(plan: Plan, cause: str, actions: Sequence[str]) -> str:
    """The runbook's line: the plan's action for a limit that is passed, else for a watched number of this kind, else
    the general one."""
    if passed := list(dict.fromkeys(action for action in actions if action)):
        return " ".join(passed)
    for watch in plan.monitoring.watch:
        if watch.action and any(word in watch.metric.lower() for word in ABOUT.get(cause, ())):
            return watch.action
    return TO_DO[cause]


def _what(
    cause: Cause, group: Sequence[Finding], days: Days, importance: Mapping[str, float], also: Sequence[str]
) -> str:
    since = shown(days.day(_begun(group)))
    limits = [each.words for each in group if each.kind == "limit"]
    if group := [each for each in group if each.kind != "limit"]:
        return " ".join([_moved_words(cause, group, since, importance, also), *(f"{words}." for words in limits)])
    return " ".join([f"{'; '.join(limits)}, since {since}.", *(f"{each}." for each in also)])


def _moved_words(
    cause: Cause, group: Sequence[Finding], since: str, importance: Mapping[str, float], also: Sequence[str]
) -> str:
    if cause in {"no traffic", "stale table", "late labels", "service"}:
        return f"{group[0].words}, since {since}."
    if cause == "schema":
        return f"{_hundred(group[0].effect)} rows are refused since {since}: {group[0].words}."
    if cause == "outcomes":
        return f"{_effect_words(cause, group)} since {since}."
    noun = "Input" if cause == "inputs" else "Answers"
    ordered = sorted(group, key=lambda each: (-importance.get(each.name, 0.0), -each.effect))
    names = list(dict.fromkeys(each.name for each in ordered))
    kinds = {name: [each.kind for each in ordered if each.name == name] for name in names}
    listed = ", ".join(_moved(name, kinds[name]) for name in names[:NAMED])
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    tail = "".join(f" {each}." for each in also)
    return f"{noun} changed since {since}: {listed}{more}.{tail}"


def _moved(name: str, kinds: Sequence[str]) -> str:
    words = [kind for kind in kinds if kind in {"missing", "unseen", "out of range"}]
    return f"{name} ({', '.join(words)})" if words else name


def _moved_too(cause: str, group: Sequence[Finding]) -> list[str]:
    limits = [each.words for each in group if each.kind == "limit"]
    rest = [each for each in group if each.kind != "limit"]
    return [*([_effect_words(cause, rest)] if rest else []), *limits]


def _effect_words(cause: str, group: Sequence[Finding]) -> str:
    if cause == "answers":
        return "Answers moved too"
    first = next((each for each in group if each.kind == "level"), group[0])
    if first.name.startswith("right answers"):
        where = first.name.partition(", ")[2]
        points = 100 * first.effect
        fell = f"Right answers fell {points:.0f} of 100" + (" a month" if first.kind != "level" else "")
        return f"{fell} where {where}" if where and where != "trend" else fell
    return f"{first.name.capitalize()} rose by {first.effect:.3g}"


def _matters(cause: str, group: Sequence[Finding], estimate: float | None, importance: Mapping[str, float]) -> str:
    """What it probably costs; nothing is claimed where nothing is known."""
    if cause == "outcomes":
        return ""
    if estimate is not None:
        points = -100 * estimate
        return f"may cost {points:.0f} right answers of 100" if points >= 0.5 else "probably costs no right answers"
    if cause == "inputs" and importance:
        top = sorted(importance, key=lambda name: -importance[name])[:NAMED]
        if any(each.name in top for each in group):
            return "among what decides most; the cost is not known"
    return ""


def _hundred(share: float) -> str:
    return f"{100 * share:.0f} of 100" if share >= 0.005 else "A few"


def shown(day: datetime.date) -> str:
    """A date as people read it: 3 Mar 2013."""
    return f"{day.day} {day:%b %Y}"
