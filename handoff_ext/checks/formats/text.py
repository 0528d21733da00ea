"""Text for a terminal: by notebook, then by cell."""

from __future__ import annotations

import click

from handoff_ext.checks.formats.words import WORDS, place, summary
from handoff_ext.contracts.finding import CheckReport

_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


def render(report: CheckReport) -> str:
    """Findings with their place, then one line that counts them."""
    lines: list[str] = []
    path = None
    for finding in report.findings:
        if finding.path != path:
            lines += [""] * bool(lines) + [click.style(_plain(finding.path), bold=True)]
            path = finding.path
        severity = click.style(f"{WORDS[finding.severity]:<12}", fg=_COLOURS[finding.severity])
        mark = click.style(" [fixable]", dim=True) if finding.fixable else ""
        lines.append(f"  {place(finding):<18} {severity} {finding.rule:<9} {_plain(finding.message)}{mark}")
    for each in report.unreadable:
        lines.append(click.style("Not read: ", fg="red") + _plain(each.reason))
    return "\n".join([*lines, *[""] * bool(lines), summary(report)])


def _plain(text: str) -> str:
    """Without what would steer the terminal."""
    return "".join(each if each.isprintable() else "?" for each in text)
