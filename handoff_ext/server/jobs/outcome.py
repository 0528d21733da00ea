"""What came of a job: from its exit code and what it said."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from handoff_ext.contracts.progress import Progress
    from handoff_ext.contracts.shipping import Shipped
    from handoff_ext.contracts.sidebar import JobState

STOPPED = "Jupyter's server stopped while this ran."
START_AGAIN = "Start it again."
ENDED = frozenset({"done", "failed", "cancelled"})
_PREFIX = "handoff: "
_PROGRESS_KEPT = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended."""

    state: JobState
    result: Shipped | None = None
    error: str = ""
    hint: str = ""


def outcome(code: int, output: str, said: list[str], cancelled: bool, draft: bool) -> Outcome:
    """How the command ended, by its exit code, its ``Shipped`` and its last lines on standard error.

    A draft counts as done once it is published, whatever its verdict says; a job that was done before its cancelling
    reached it is done.
    """
    result = _shipped(output)
    if result is not None and (code == 0 or (draft and code == 1 and result.model_uri)):
        return Outcome("done", result)
    if cancelled:
        return Outcome("cancelled", result)
    failed = next((step for step in result.steps if step.status == "failed"), None) if result else None
    if failed is not None:
        return Outcome("failed", result, failed.reason or failed.detail)
    if sentence := next((line.removeprefix(_PREFIX) for line in reversed(said) if line.startswith(_PREFIX)), ""):
        return Outcome("failed", result, sentence)
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        return Outcome("failed", result, f"The job was ended from outside ({name}).", "Often memory ran out.")
    return Outcome("failed", result, f"The job ended without an answer (exit code {code}).", START_AGAIN)


def with_events(progress: list[Progress], events: list[Progress]) -> list[Progress]:
    """Progress so far: of each part of each step only the latest event, in the order in which they began."""
    latest = {(event.step, event.part): event for event in progress}
    latest.update({(event.step, event.part): event for event in events})
    return list(latest.values())[-_PROGRESS_KEPT:]


def read_progress(line: str) -> Progress | None:
    """The event that a line of standard error tells; None where it is some other line."""
    from pydantic import ValidationError

    try:
        return _events().validate_json(line) if line.startswith("{") else None
    except ValidationError:
        return None


@lru_cache(maxsize=1)
def _events() -> TypeAdapter[Progress]:
    from pydantic import TypeAdapter

    from handoff_ext.contracts.progress import Progress

    return TypeAdapter(Progress)


def _shipped(output: str) -> Shipped | None:
    from pydantic import ValidationError

    from handoff_ext.contracts.shipping import Shipped

    try:
        return Shipped.model_validate_json(output)
    except ValidationError:
        return None
