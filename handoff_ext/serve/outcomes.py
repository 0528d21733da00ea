"""What really came of an answer, as people and programs report it."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Sequence
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.serving import OutcomeReport
from handoff_ext.ledger.place import Ledger
from handoff_ext.ledger.store import Outcome, Store, moment

MOST = 10_000


class Outcomes:
    """Takes outcomes of one ledger's models; nothing is opened before the first."""

    def __init__(self, ledger: Ledger | None) -> None:
        self._store = Store(ledger.database) if ledger else None

    async def add(self, model: str, reported: Sequence[Any], by: str) -> int:
        """Put outcomes on record; how many.

        Raises:
            HandoffError: one is not an outcome (its number and field are named), or there is no ledger.
        """
        if self._store is None:
            raise HandoffError("This service keeps no record, so no outcome can be taken.", "Serve with --log.")
        if len(reported) > MOST:
            raise HandoffError(f"More than {MOST:,} outcomes.", "Send fewer at a time.")
        outcomes = [outcome_of(number, each, by) for number, each in enumerate(reported, 1)]
        return await asyncio.to_thread(self._store.add_outcomes, model, outcomes)


def outcome_of(number: int, reported: Any, by: str) -> Outcome:
    """One reported outcome, checked.

    Raises:
        HandoffError: it is none; the sentence names its number and the field, never a value.
    """
    from pydantic import ValidationError

    try:
        report = OutcomeReport.model_validate(reported)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])[:40]
        raise HandoffError(
            f"Outcome {number}{', ' + where if where.isprintable() and where else ''}: not as expected.",
            "Send id, and truth or decision or both.",
        ) from None
    if not {"truth", "decision"} & report.model_fields_set:
        raise HandoffError(f"Outcome {number} says neither truth nor decision.", "Send one of them, or both.")
    return Outcome(
        answer=report.id,
        truth=report.truth,
        decision=report.decision,
        known_at=_moment(report.known_at) if report.known_at else "",
        by=by,
    )


def _moment(when: datetime.datetime) -> str:
    try:
        return moment(when)
    except OverflowError:  # the first or last hours that a calendar holds, in another time zone
        return moment(when.replace(tzinfo=None))
