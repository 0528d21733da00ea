"""What a plan does not say yet, and what of it publishing waits for."""

from __future__ import annotations

from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.sidebar import MissingField
from handoff_ext.plan.answers import answers

REQUIRED = (
    "owner.name",
    "owner.contact",
    "intent.decision",
    "intent.good_outcome",
    "limitations",
    "thresholds.decision",
    "fallback.kind",
    "monitoring.check_every",
    "monitoring.truth_after_days",
)
"""The six questions' fields: without them nobody else can answer for the model."""

_MEANT_WHERE_EMPTY = {"monitoring.tell", "retraining.every", "retraining.on_alert", "extra_columns"}
"""Empty is an answer here: the owner is told, it is trained again by hand, rows with other columns are refused."""


def missing(plan: Plan, classifier: bool = True) -> list[MissingField]:
    """All fields without an answer: first those that publishing waits for, in the order of the questions.

    Args:
        plan: what was said.
        classifier: False for a model that answers with numbers: it acts from no score, but what is normal must be said.
    """
    required = _required(plan, classifier)
    open_fields = {each.field: each.title for each in answers(plan) if not each.text}
    first = [MissingField(field=name, title=open_fields[name], blocks=True) for name in required if name in open_fields]
    rest = [
        MissingField(field=name, title=title, blocks=False)
        for name, title in open_fields.items()
        if name not in required and name not in _not_asked(plan)
    ]
    return first + rest


def _required(plan: Plan, classifier: bool) -> tuple[str, ...]:
    number = ("thresholds.normal_low", "thresholds.normal_high")
    wanted = REQUIRED if classifier else tuple(name for name in REQUIRED if name != "thresholds.decision") + number
    return (*wanted, "fallback.value") if plan.fallback.kind == "constant" else wanted


def _not_asked(plan: Plan) -> set[str]:
    """What needs no answer beside the answers given."""
    needs = {"constant": "fallback.value", "rule": "fallback.rules"}
    return {*_MEANT_WHERE_EMPTY, *needs.values()} - {needs.get(plan.fallback.kind or "", "")}
