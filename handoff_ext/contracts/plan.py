"""The plan, ``NAME.handoff.yaml`` beside ``NAME.ipynb``: what only people can say about a model.

Its JSON schema makes the sidebar's form; titles and descriptions are what people read there.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """Common settings: unknown keys are refused, so that a typing mistake is not silently dropped."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)


class Owner(Part):
    """A person, not a team, who answers for the model."""

    name: str = Field("", title="Owner", description="Who answers for this model? A person, not a team.")
    contact: str = Field("", title="Contact", description="E-mail or phone where the owner is reached.")
    accepted_on: datetime.date | None = Field(
        None, title="Accepted on", description="The day the owner said yes. Without it the model only watches."
    )
    accepted_by: str = Field("", title="Accepted by", description="Who said yes; it holds while that is the owner.")
    accepted_as: str = Field("", title="Accepted as", description="Who was signed in then; empty: only said to be.")

    @property
    def accepted(self) -> bool:
        """Whether the person named as the owner now is the one who said yes."""
        return self.accepted_on is not None and bool(self.name) and self.accepted_by == self.name


class Intent(Part):
    """Why the model exists."""

    problem: str = Field("", title="Problem", description="What is going wrong without the model.")
    decision: str = Field("", title="Decision", description="Which decision does it help?")
    good_outcome: str = Field("", title="Good outcome", description="What is better when it works?")


class IntendedUse(Part):
    """For whom and for what, and for what not."""

    users: list[str] = Field(default_factory=list, title="Users")
    uses: list[str] = Field(default_factory=list, title="Uses")
    out_of_scope: list[str] = Field(default_factory=list, title="Not for")


class Thresholds(Part):
    """From which score on someone acts, and what is normal."""

    decision: float | None = Field(None, title="Act from", description="From which score on should someone act?")
    why: str = Field("", title="Why this score")
    normal_low: float | None = Field(None, title="Normal from", description="Lowest score that is nothing unusual.")
    normal_high: float | None = Field(None, title="Normal to", description="Highest score that is nothing unusual.")
    escalate_when: str = Field("", title="Escalate when")


class Context(Part):
    """Where the data came from."""

    data_origin: str = Field("", title="Data's origin")
    period: str = Field("", title="Period")
    gaps: str = Field("", title="Gaps", description="Who or what is missing in the data.")
    population: str = Field("", title="Population")
    why_metric: str = Field("", title="Why this metric")


class FallbackRule(Part):
    """One line of a rule: where ``column`` is ``equals``, or from ``at_least`` on, the answer is ``answer``."""

    column: str = Field(title="Input")
    equals: float | str | bool | None = Field(None, title="Is")
    at_least: float | None = Field(None, title="From")
    answer: float | str = Field(title="Answer")


class Fallback(Part):
    """What answers when the model fails or is unsure."""

    kind: Literal["person", "constant", "previous", "rule"] | None = Field(
        None,
        title="If it fails or is unsure",
        description="A person decides, a fixed answer, the previous version, or a rule.",
    )
    value: float | str | None = Field(None, title="Fixed answer", description="Only for a fixed answer.")
    rules: list[FallbackRule] = Field(
        default_factory=list, title="Rule", description="The first line that fits answers; where none does, a person."
    )
    unsure_below: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, title="Unsure below", description="The model is unsure where its largest probability is lower (0 to 1)."
    )
    note: str = Field("", title="What the person then does")


class Watch(Part):
    """One number that is watched."""

    metric: str = Field(
        title="Metric",
        description="Such as: ROC AUC over 14 days; share scored 0.35 or more; wind_gust missing; p99 latency in ms.",
    )
    limit: float | None = Field(None, title="Limit", description="The least it may be where more is better.")
    action: str = Field("", title="What to do")


class Monitoring(Part):
    """How anybody will notice that the model is wrong."""

    check_every: Literal["hourly", "daily", "weekly", "monthly"] | None = Field(None, title="Check")
    truth_after_days: Annotated[float, Field(ge=0)] | None = Field(
        None, title="Truth known after (days)", description="How long until it is known whether an answer was right."
    )
    tell: str = Field("", title="Tell", description="Who is told; the owner where empty.")
    watch: list[Watch] = Field(default_factory=list, title="Watched numbers")


class Retraining(Part):
    """When the model is trained again, and who says yes."""

    trigger: str = Field("", title="Train again when")
    every: Literal["week", "month", "quarter", "year"] | None = Field(
        None, title="Train again every", description="Started by handoff monitor, where it is given data."
    )
    on_alert: Literal["outcomes", "any"] | None = Field(
        None,
        title="Train again on alerts",
        description="About outcomes, or about inputs, answers and stale tables too; once for each alert.",
    )
    approver: str = Field("", title="Who approves")
    validation: str = Field("", title="How it is validated")
    better_by: Annotated[float, Field(ge=0, le=1)] = Field(
        0.01, title="Better by", description="Share of answers (0.01: 1 of 100), or of the error, that it must gain."
    )
    worse_group: Annotated[float, Field(ge=0, le=1)] = Field(
        0.02, title="No group worse by", description="Share that no group may lose."
    )
    automatic: bool = Field(
        False, title="Automatic", description="A better version takes over without asking; the approver answers for it."
    )


class Escalation(Part):
    """Who is called when the owner does not answer."""

    path: list[str] = Field(default_factory=list, title="Who is called, in order")
    incident: str = Field("", title="What happens in an incident")


class Operation(Part):
    """How much it is used and what that costs."""

    volume: str = Field("", title="Expected volume", description="Predictions a day, and the busiest hour.")
    cost: str = Field("", title="Operating cost")
    who_pays: str = Field("", title="Who pays")


class ChangeManagement(Part):
    """The people whose work changes."""

    affected: str = Field("", title="Who is affected")
    how_told: str = Field("", title="How they learn of it")


Outcome = Literal["reject", "impute", "flag"]


class BadInput(Part):
    """What happens to a row whose value is bad: it is refused (``reject``), the value is filled in as in training
    (``impute``), or the row is answered and marked (``flag``; a value that cannot be used is filled in). Empty: a value
    that was never seen is marked, all else refused, save gaps where training had gaps."""

    missing: Outcome | None = Field(None, title="Not sent")
    null: Outcome | None = Field(None, title="Null")
    not_a_number: Outcome | None = Field(None, title="NaN")
    infinite: Outcome | None = Field(None, title="Infinite")
    mistyped: Outcome | None = Field(None, title="Another type")
    unseen: Outcome | None = Field(None, title="A choice never seen")
    out_of_range: Outcome | None = Field(None, title="Out of range")


class Column(Part):
    """What people said about one input column."""

    known_when_deciding: bool | None = Field(None, title="Known when deciding")
    personal: bool = Field(False, title="Personal", description="Never stored raw in examples, profile or card.")
    unit: str = Field("", title="Unit")
    reason: str = Field("", title="Reason")
    bad_input: BadInput = Field(default_factory=BadInput, title="Bad input")


class JoinedTable(Part):
    """Where another table, joined to the rows, is to come from when the model answers."""

    kept: Literal["lookup", "with the row"] | None = Field(
        None,
        title="Kept",
        description="With the model as training saw it, or with each row. Empty: as the hold-out shows.",
    )
    reason: str = Field("", title="Reason")


class Note(Part):
    """A decision taken or an edge case deferred, with its reason."""

    what: str = Field(title="What")
    why: str = Field("", title="Why")


class Plan(Part):
    """All that people said about a model; what is empty is shown as missing, never hidden."""

    version: Literal[1] = 1
    owner: Owner = Field(default_factory=Owner, title="Owner")
    intent: Intent = Field(default_factory=Intent, title="Intent")
    intended_use: IntendedUse = Field(default_factory=IntendedUse, title="Intended use")
    limitations: list[str] = Field(
        default_factory=list, title="Limitations", description="When should nobody trust it? For those who decide."
    )
    thresholds: Thresholds = Field(default_factory=Thresholds, title="Thresholds")
    context: Context = Field(default_factory=Context, title="Context")
    fallback: Fallback = Field(default_factory=Fallback, title="Fallback")
    monitoring: Monitoring = Field(default_factory=Monitoring, title="Monitoring")
    retraining: Retraining = Field(default_factory=Retraining, title="Retraining")
    escalation: Escalation = Field(default_factory=Escalation, title="Escalation")
    operation: Operation = Field(default_factory=Operation, title="Operating cost")
    change: ChangeManagement = Field(default_factory=ChangeManagement, title="Change management")
    check_in: datetime.date | None = Field(None, title="Next check-in", description="When the owner looks at it again.")
    decisions: list[Note] = Field(default_factory=list, title="Decisions taken")
    deferred: list[Note] = Field(default_factory=list, title="Edge cases deferred")
    columns: dict[str, Column] = Field(default_factory=dict, title="Columns")
    tables: dict[str, JoinedTable] = Field(default_factory=dict, title="Joined tables")
    extra_columns: Literal["reject", "flag"] | None = Field(
        None, title="Columns that are no input", description="Refused where empty, or left aside and marked."
    )
    prefilled: list[str] = Field(
        default_factory=list,
        title="Not edited",
        description="Fields (dotted names) that were filled in and never edited.",
    )
