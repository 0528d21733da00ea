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
