"""What a plan does not say yet, and what of it publishing waits for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.sidebar import MissingField

if TYPE_CHECKING:
    from pydantic import BaseModel

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

_NOT_ASKED = {
    "version",
    "columns",
    "decisions",
    "deferred",
    "prefilled",
    "owner.accepted_on",
    "owner.accepted_by",
    "monitoring.tell",
}


def missing(plan: Plan, classifier: bool = True) -> list[MissingField]:
    """All fields without an answer: first those that publishing waits for, in the order of the questions.

    Args:
        plan: what was said.
        classifier: False for a model that answers with numbers: it acts from no score, but what is normal must be said.
    """
    required = _required(plan, classifier)
    open_fields = {name: title for name, title, value in _fields(plan) if _empty(value)}
    first = [MissingField(field=name, title=open_fields[name], blocks=True) for name in required if name in open_fields]
    rest = [
        MissingField(field=name, title=title, blocks=False)
        for name, title in open_fields.items()
        if name not in required and name not in _conditional(plan)
    ]
    return first + rest


def _required(plan: Plan, classifier: bool) -> tuple[str, ...]:
    number = ("thresholds.normal_low", "thresholds.normal_high")
    wanted = REQUIRED if classifier else tuple(name for name in REQUIRED if name != "thresholds.decision") + number
    return (*wanted, "fallback.value") if plan.fallback.kind == "constant" else wanted


def _conditional(plan: Plan) -> set[str]:
    return set() if plan.fallback.kind == "constant" else {"fallback.value"}


def _fields(part: BaseModel, prefix: str = "") -> Iterator[tuple[str, str, Any]]:
    from pydantic import BaseModel

    for name, field in type(part).model_fields.items():
        path, value = f"{prefix}{name}", getattr(part, name)
        if path in _NOT_ASKED:
            continue
        if isinstance(value, BaseModel):
            yield from _fields(value, f"{path}.")
        else:
            yield path, field.title or name, value


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value == []
