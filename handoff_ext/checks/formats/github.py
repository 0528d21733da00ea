"""GitHub annotations: workflow commands on standard output.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from handoff_ext.checks.formats.words import place
from handoff_ext.contracts.finding import CheckReport

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: CheckReport) -> str:
    """One command a finding."""
    lines = []
    for finding in report.findings:
        title = f"{finding.rule} {finding.name}, {place(finding)}"
        fields = f"file={_property(finding.path)},title={_property(title)}"
        lines.append(f"::{_LEVELS[finding.severity]} {fields}::{_message(finding.message)}")
    return "\n".join(lines)


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
