"""Whether a model is to be trained again now, as its plan says: by how long ago it was, or by an open alert.

No scheduler: whoever runs ``handoff monitor`` on time asks this each time.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from handoff_ext.contracts.plan import Retraining
from handoff_ext.contracts.watching import Alert, Cause, Decision
from handoff_ext.monitor.moving import DAYS

CAUSES: dict[str, tuple[Cause, ...]] = {
    "outcomes": ("outcomes",),
    "any": ("outcomes", "inputs", "answers", "stale table"),
}
"""Alerts that training again can mend; a silent or refused caller it cannot."""
TRAINED = "Training again"
"""How the reason of a decision begins where training again came to nothing."""


def why_now(said: Retraining, alerts: Iterable[Alert], decisions: Iterable[Decision], first_check: str, at: str) -> str:
    """Who or what asks for training again now, for the record; empty where nothing does.

    Each alert asks once: where what came of it was no better, a person decides what is next.

    Args:
        said: the plan's.
        alerts: the open ones, with their numbers.
        decisions: of the model, newest first.
        first_check: when it was first checked; the time counts from then where it was never trained again.
        at: now. Moments are ISO 8601 in UTC.
    """
    known = list(decisions)
    asked = {each.by for each in known}
    for alert in alerts:
        by = f"handoff monitor, alert {alert.id}"
        if alert.cause in CAUSES.get(said.on_alert or "", ()) and by not in asked:
            return by
    if not said.every or not (last := _last_trained(known) or first_check):
        return ""
    waited = datetime.datetime.fromisoformat(at) - datetime.datetime.fromisoformat(last)
    return f"handoff monitor, every {said.every}" if waited >= datetime.timedelta(days=DAYS[said.every]) else ""


def _last_trained(decisions: Iterable[Decision]) -> str:
    """When it was last tried, newest first."""
    return next(
        (
            each.at
            for each in decisions
            if each.action == "register" or (each.action == "refuse" and each.reason.startswith(TRAINED))
        ),
        "",
    )
