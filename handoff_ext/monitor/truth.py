"""Answers beside what really came, by day: right or wrong, how far off, in which groups, how late it was known."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.profile import Profile
from handoff_ext.ledger.store import Outcome
from handoff_ext.monitor.days import DAY
from handoff_ext.publish.scores import spelled

if TYPE_CHECKING:
    import pyarrow
    from numpy import ndarray

Task = Literal["yes/no", "classes", "number"]
GROUPS = 20


def task_of(profile: Profile) -> Task:
    """What kind of answers a version gives, by its profile."""
    if profile.target or profile.calibration:
        return "yes/no"
    known = profile.outputs.get("prediction")
    several = any(name.startswith("probability_") for name in profile.outputs)
    return "number" if known and known.kind == "number" and not several else "classes"


def scored_output(profile: Profile) -> str:
    """The output that a yes/no version's thresholds are about; empty for others."""
    if task_of(profile) != "yes/no":
        return ""
    named = f"probability_{profile.target}"
    return named if named in profile.outputs else "prediction" if profile.calibration else ""


@dataclass
class Labelled:
    """Rows whose truth is known. Lists are parallel; ``day`` counts from ``first``, ``error`` is 0 or 1 for labels and
    the absolute difference for numbers, ``late`` is in days, ``people`` the error of what people decided or None.
    ``decided`` holds each decision, with or without a truth: its day, and whether it followed the answer."""

    first: datetime.date
    day: list[int] = field(default_factory=list)
    error: list[float] = field(default_factory=list)
    score: list[float] = field(default_factory=list)
    positive: list[bool] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    people: list[float | None] = field(default_factory=list)
    decided: list[tuple[int, bool]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    groups: dict[str, list[bool]] = field(default_factory=dict)

    def by_day(self, count: int, members: ndarray | None = None) -> ndarray:
        """A row a day: number, sum of errors, sum of their squares; of all rows or of some."""
        import numpy

        day, error = numpy.array(self.day, dtype=int), numpy.array(self.error, dtype=float)
        if members is not None:
            day, error = day[members], error[members]
        weights = (None, error, error**2)
        return numpy.stack([numpy.bincount(day, weights=each, minlength=count) for each in weights], axis=1)


class Joiner:
    """Joins logged answers with outcomes, table by table.

    Args:
        outcomes: by the answers' ids.
        profile, plan: of the version that answered.
        first: day 0.
        count: how many days.
    """

    def __init__(
        self, outcomes: Mapping[str, Outcome], profile: Profile, plan: Plan, first: datetime.date, count: int
    ) -> None:
        self.labelled = Labelled(first)
        self._outcomes = outcomes
        self._count = count
        self._task, self._target = task_of(profile), profile.target
        self._limit = 0.5 if plan.thresholds.decision is None else plan.thresholds.decision
        self._scored = scored_output(profile)
        self._groups = [group for group in profile.slices if group.get("value") != "missing"][:GROUPS]
        self._known: Any = None

    @property
    def columns(self) -> list[str]:
        """The log's columns that are needed."""
        scored = [f"out:{self._scored}"] if self._scored else []
        return ["id", "out:prediction", *scored, *{f"in:{group['column']}" for group in self._groups}]

    def add(self, table: pyarrow.Table) -> None:
        """Join one table."""
        import pyarrow as pa
        from pyarrow import compute

        if not self._outcomes or "out:prediction" not in table.column_names:
            return
        if self._known is None:
            self._known = pa.array(list(self._outcomes), pa.string())
        found = table.filter(compute.is_in(table["id"], value_set=self._known))
        names = [name for name in [*self.columns, "time"] if name in found.column_names]
        for row in found.select(names).to_pylist():
            self._one(row, self._outcomes[row["id"]])

    def _one(self, row: Mapping[str, Any], outcome: Outcome) -> None:
        predicted = row["out:prediction"]
        day = int(row["time"].timestamp() * 1000 // DAY) - (self.labelled.first - datetime.date(1970, 1, 1)).days
        if predicted is None or not 0 <= day < self._count:
            return
        score = row.get(f"out:{self._scored}") if self._scored else None
        said = self._said(predicted, score)
        mine = self.labelled
        if outcome.decision is not None:
            mine.decided.append((day, self._error(said, outcome.decision) == 0))
            if outcome.truth is None:
                return
        error = self._error(said, outcome.truth)
        if error is None:
            return
        mine.ids.append(outcome.answer)
        mine.day.append(day)
        mine.error.append(error)
        mine.score.append(float("nan") if not isinstance(score, int | float) else float(score))
        mine.positive.append(self._yes(outcome.truth))
        known = datetime.datetime.fromisoformat(outcome.known_at)
        mine.late.append((known - row["time"]).total_seconds() / 86400)
        mine.people.append(None if outcome.decision is None else self._error(outcome.decision, outcome.truth))
        for group in self._groups:
            inside = _inside(row.get(f"in:{group['column']}"), str(group["value"]))
            mine.groups.setdefault(f"{group['column']} {group['value']}", []).append(inside)

    def _said(self, predicted: Any, score: Any) -> Any:
        """The answer as a label, where the version gives only a score."""
        if self._task == "yes/no" and self._scored == "prediction" and isinstance(score, int | float):
            return score >= self._limit
        return predicted

    def _error(self, said: Any, truth: Any) -> float | None:
        if self._task == "number":
            numbers = isinstance(said, int | float) and isinstance(truth, int | float)
            return abs(float(said) - float(truth)) if numbers else None
        if self._task == "yes/no":
            return float(self._yes(said) != self._yes(truth))
        return float(spelled(said) != spelled(truth))

    def _yes(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        text = spelled(value)
        return text == self._target or (self._target not in {"False", "0"} and text.lower() in {"true", "yes"})


def _inside(value: Any, group: str) -> bool:
    """Whether a value belongs to a group as the profile names it: a value, or ``2.5 to 7``."""
    if value is None:
        return False
    low, between, high = group.partition(" to ")
    if between and isinstance(value, int | float):
        try:
            return float(low) <= value < float(high)
        except ValueError:
            pass
    return spelled(value) == group
