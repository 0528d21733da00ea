"""Models in production as they are watched: what is alarming, who decided what, how each stands."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

StageOfTrust = Literal["shadow", "advise", "decide"]
Cause = Literal[
    "no traffic", "schema", "stale table", "inputs", "answers", "outcomes", "late labels", "service", "challenger"
]


class Part(BaseModel):
    """Common settings: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Alert(Part):
    """One cause, however many columns it moves.

    ``what`` says what moved ("Input changed since 3 Mar: wind_gust"), ``matters`` how much it probably costs ("may cost
    4 points"; empty where nothing can be claimed), ``to_do`` is the runbook's line. Times are ISO 8601 in UTC.
    """

    id: int = 0
    model: str
    version: str
    cause: Cause
    since: str
    what: str
    matters: str = ""
    to_do: str = ""
    owner: str = ""
    opened: str = ""
    last_seen: str = ""
    closed: str = ""
    acknowledged_by: str = ""
    told: list[str] = Field(default_factory=list)


class Decision(Part):
    """Who changed a version's stage, when, and on which figures."""

    id: int = 0
    model: str
    version: str
    action: Literal["accept", "promote", "rollback", "register", "refuse"]
    stage: str = ""
    by: str
    at: str = ""
    reason: str = ""
    figures: dict[str, Any] = Field(default_factory=dict)


class LiveCandidate(Part):
    """A version that runs beside the one in charge; its answers are logged, never returned."""

    version: str
    tested: bool
    draft: bool
    verdict: str = ""


class LiveModel(Part):
    """One model in production.

    ``points`` are the newest values of what is watched most (``points_of``: "right answers", "mean score"), oldest
    first, null where nothing is known. ``may_become`` are the stages that it can be promoted to now, ``why_not`` says
    what is missing for more, ``to_accept`` is the version that waits for nothing but its owner's yes, empty where none
    does. ``state`` is how the last check ended.
    """

    name: str
    version: str
    stage: StageOfTrust
    uri: str
    owner: str = ""
    contact: str = ""
    state: Literal["not checked", "quiet", "alert"] = "not checked"
    last_check: str = ""
    predictions: int = 0
    points: list[float | None] = Field(default_factory=list)
    points_of: str = ""
    alerts: list[Alert] = Field(default_factory=list)
    last_alert: Alert | None = None
    candidate: LiveCandidate | None = None
    previous: str = ""
    may_become: list[StageOfTrust] = Field(default_factory=list)
    why_not: str = ""
    to_accept: str = ""
    last_decision: Decision | None = None


class Watched(Part):
    """One thing that a check looked at. ``effect`` is in the unit that ``kind`` names (PSI; a share from 0 to 1; points
    of the metric), ``p`` the probability of at least that by chance, ``since`` a date where it moved."""

    cause: Cause
    name: str
    kind: str
    effect: float
    p: float
    rows: int
    alarming: bool
    since: str = ""
    distance: float | None = None
    words: str = ""


class Limit(Part):
    """One of the plan's watched numbers, as it is over the last ``days``; ``why_not`` says why it is not measured."""

    metric: str
    limit: float | None = None
    now: float | None = None
    passed: bool = False
    days: int = 0
    why_not: str = ""


class Check(Part):
    """One check of one version: what was looked at, what is alarming, and how it did.

    ``figures`` are plain numbers by name (requests, share of fallbacks, milliseconds, metrics with their reference);
    ``points`` are daily values of ``points_of``, oldest first.
    """

    model: str
    version: str
    stage: str
    at: str
    first_day: str
    last_prediction: str = ""
    rows: int = 0
    watched: list[Watched] = Field(default_factory=list)
    alerts: list[Alert] = Field(default_factory=list)
    limits: list[Limit] = Field(default_factory=list)
    figures: dict[str, Any] = Field(default_factory=dict)
    points: list[float | None] = Field(default_factory=list)
    points_of: str = ""
    estimate: float | None = None
    challengers: dict[str, str] = Field(default_factory=dict)
    seconds: float = 0.0
