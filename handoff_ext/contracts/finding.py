"""What a check reports: one finding is one place where a rule fires.

Plain dataclasses, so that ``handoff check`` starts without importing pydantic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
Confidence = Literal["high", "medium", "low"]
Where = Literal["source", "output", "markdown", "metadata"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One place where a rule fires.

    ``cell_index`` counts all cells from 0; lines count from 1 in the cell's source; columns count characters from
    1 and ``end_column`` is the first column after the finding. Findings about the notebook as a whole have
    ``cell_index`` -1 and an empty ``cell_id``. Neither ``message`` nor ``why`` ever holds a whole secret.
    """

    rule: str
    name: str
    severity: Severity
    confidence: Confidence
    path: str
    cell_index: int
    cell_id: str
    where: Where
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    why: str
    fixable: bool = False
    safe: bool = False
    key: str = ""
    """Stays the same while the finding does, whatever moves around it: how the sidebar names it in a request."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ignored:
    """A finding that somebody decided to live with, and why."""

    finding: Finding
    reason: str
    scope: Literal["line", "cell", "project"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreadable:
    """A file that could not be checked, and why, in one sentence."""

    path: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckReport:
    """All that one check of one or more notebooks found."""

    findings: tuple[Finding, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    checked: int = 0
    version: int = 1
