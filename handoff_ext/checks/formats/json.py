"""JSON: the stable form that other programs read."""

from __future__ import annotations

import json
from dataclasses import asdict

from handoff_ext.contracts.finding import CheckReport


def render(report: CheckReport) -> str:
    """One document: version, findings, ignored, unreadable."""
    document = {
        "version": report.version,
        "checked": report.checked,
        "findings": [asdict(finding) for finding in report.findings],
        "ignored": [
            {"reason": each.reason, "scope": each.scope, "finding": asdict(each.finding)} for each in report.ignored
        ],
        "unreadable": [asdict(each) for each in report.unreadable],
    }
    return json.dumps(document, indent=1, ensure_ascii=False)
