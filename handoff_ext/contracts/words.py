"""The words that people see: one catalogue for the command line, the sidebar, the card and the page.

The terms of the code (finding, stage, lock ...) stay in JSON, YAML and tags; these stand in their place on screens.
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff_ext.contracts.finding import Finding, Severity

SEVERITY: dict[Severity, str] = {"error": "Must fix", "warning": "Should fix", "info": "Good to know"}

STEP: dict[str, str] = {
    "check": "Problems",
    "fix": "Fixes",
    "tag": "Steps",
    "extract": "Pipeline",
    "run": "Run",
    "prove": "Same result as the notebook",
    "features": "Model inputs",
    "parity": "Same answers live as in training",
    "lock": "Exact package list",
    "publish": "Published",
    "rehearse": "Clean-machine test",
    "predict": "Prediction over HTTP",
    "export": "For other machines",
}

STAGE: dict[str, str] = {"load": "Load", "features": "Prepare", "train": "Train", "evaluate": "Evaluate"}

TRUST: dict[str, str] = {"shadow": "watches only", "advise": "advises", "decide": "decides"}

STANDING: dict[str, str] = {"champion": "in charge", "challenger": "candidate", "previous": "the one before"}
"""Aliases of versions; others are their own word."""

ALERT: dict[str, tuple[str, str]] = {
    "no traffic": (
        "Nobody asks it any more",
        "See that the service runs (GET /ready) and that those who ask it still do.",
    ),
    "schema": (
        "Rows come in another form",
        "The answer names row, input and what was expected. Mend the sender.",
    ),
    "stale table": (
        "A table that travels with the model no longer has what is asked about",
        "Train again with today's table: the version keeps the one of its training.",
    ),
    "inputs": (
        "The inputs are not like those it learned from",
        "Compare with the table of inputs in the card: did the world change, or a unit, or a feed?",
    ),
    "answers": (
        "It answers otherwise than before",
        "Look at the inputs first, then at a few answers by hand.",
    ),
    "outcomes": (
        "It is right less often",
        "Train again, or go back to the version before: handoff rollback.",
    ),
    "late labels": (
        "What really happened is no longer reported",
        "See that outcomes are still reported: without them nobody knows whether it is right.",
    ),
    "service": (
        "It answers slowly, or fails",
        "See the service's log and the load of its computer.",
    ),
}
"""Cause of an alert to what it means and what to do, where the plan says nothing else: for alerts and runbooks."""


def step_title(stage: str) -> str:
    """A stage's name as people read it."""
    return STAGE.get(stage) or stage.replace("_", " ").replace("-", " ").strip().capitalize()


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 problem``, ``7 problems``, ``1,000 rows``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def severity_counts(findings: Iterable[Finding]) -> str:
    """``1 Must fix, 7 Should fix``; ``none`` where there is nothing."""
    found = [finding.severity for finding in findings]
    parts = [f"{found.count(severity)} {word}" for severity, word in SEVERITY.items() if severity in found]
    return ", ".join(parts) or "none"
