"""GitLab code quality: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

import hashlib
import json

from handoff_ext.checks.formats.words import place
from handoff_ext.contracts.finding import CheckReport

_LEVELS = {"error": "major", "warning": "minor", "info": "info"}


def render(report: CheckReport) -> str:
    """A list of issues."""
    issues = [
        {
            "description": f"{place(finding)}: {finding.message}",
            "check_name": finding.rule,
            "fingerprint": hashlib.sha256(f"{finding.path}\0{finding.key}".encode("utf-8", "replace")).hexdigest(),
            "severity": _LEVELS[finding.severity],
            "location": {"path": finding.path, "lines": {"begin": finding.line}},
        }
        for finding in report.findings
    ]
    return json.dumps(issues, indent=1, ensure_ascii=False)
