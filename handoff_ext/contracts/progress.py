"""How long work tells how far it is: the same events reach the terminal, the job's file and the sidebar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

StepStatus = Literal["running", "ok", "cached", "skipped", "failed", "cancelled"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """One event.

    ``step`` is the road's step (``run``), ``part`` what it is at (a stage's name, ``cell 3``), ``done`` of ``total``
    how far, ``seconds`` how long so far and ``expected`` how long it took last time (0: not known). ``detail`` is a
    short sentence for people.
    """

    step: str
    status: StepStatus
    part: str = ""
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    expected: float = 0.0
    detail: str = ""


ProgressSink = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """A sink for callers that show nothing."""
