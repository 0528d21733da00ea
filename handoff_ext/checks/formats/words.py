"""The words that people read, the same in every format."""

from __future__ import annotations

from collections import Counter

from handoff_ext.contracts.finding import CheckReport, Finding, Severity

WORDS: dict[Severity, str] = {"error": "Must fix", "warning": "Should fix", "info": "Good to know"}
FAMILIES = {
    "CRED": "Passwords and keys",
    "PATH": "Paths on your computer",
    "LEAK": "Answers that leak into training",
    "FEAT": "Model inputs",
    "STATE": "Hidden state",
    "ENV": "Packages",
    "PLAN": "What is missing for others",
    "IGNORE": "Ignored problems",
}


def place(finding: Finding) -> str:
    """``cell 4, line 2``; cells count from 1, as people do."""
    if finding.cell_index < 0:
        return "notebook"
    cell = f"cell {finding.cell_index + 1}"
    return f"{cell}, {finding.where}" if finding.where in ("output", "metadata") else f"{cell}, line {finding.line}"


def summary(report: CheckReport) -> str:
    """``1 Must fix, 7 Should fix in 3 notebooks; 2 can be fixed safely (--fix).``"""
    books = f"{report.checked} notebook{'' if report.checked == 1 else 's'}"
    counts = Counter(finding.severity for finding in report.findings)
    told = [f"{counts[severity]} {WORDS[severity]}" for severity in WORDS if counts[severity]]
    line = f"{', '.join(told)} in {books}." if told else f"No problems in {books}."
    safe = sum(finding.safe for finding in report.findings)
    if safe:
        line += f" {safe} can be fixed safely: --fix."
    if report.ignored:
        line += f" {len(report.ignored)} ignored."
    return line
