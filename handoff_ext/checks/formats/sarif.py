"""SARIF 2.1.0, for code scanning pages.

Lines count in the cell, which is named as the logical location: a notebook's JSON has no lines that people know.
https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from handoff_ext import __version__
from handoff_ext.checks.formats.words import place
from handoff_ext.checks.registry import all_rules
from handoff_ext.contracts.finding import CheckReport, Finding

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_KINDS = {"line": "inSource", "cell": "inSource", "project": "external"}


def render(report: CheckReport) -> str:
    """One run with its rules, results and the files that could not be read."""
    rules = sorted({finding.rule for finding in report.findings} | {each.finding.rule for each in report.ignored})
    known = {rule.code: rule for rule in all_rules()}
    results = [_result(finding, rules) for finding in report.findings]
    results += [
        _result(each.finding, rules) | {"suppressions": [{"kind": _KINDS[each.scope], "justification": each.reason}]}
        for each in report.ignored
    ]
    driver = {
        "name": "handoff",
        "semanticVersion": __version__,
        "informationUri": "https://github.com/handoff-ext/handoff-ext",
        "rules": [
            {
                "id": code,
                "name": known[code].name,
                "shortDescription": {"text": known[code].name.replace("-", " ")},
                "fullDescription": {"text": known[code].why},
                "defaultConfiguration": {"level": _LEVELS[known[code].severity]},
            }
            for code in rules
        ],
    }
    notifications = [
        {
            "level": "warning",
            "message": {"text": each.reason},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(each.path)}}}],
        }
        for each in report.unreadable
    ]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notifications}],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=1, ensure_ascii=False)


def _result(finding: Finding, rules: list[str]) -> dict[str, Any]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    region |= {"endLine": finding.end_line, "endColumn": max(finding.end_column, 1)}
    return {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{place(finding)}: {finding.message}"},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": _uri(finding.path)}, "region": region},
                "logicalLocations": [{"name": place(finding), "fullyQualifiedName": finding.cell_id or "notebook"}],
            }
        ],
        "partialFingerprints": {"handoffKey/v1": finding.key},
        "properties": {"confidence": finding.confidence, "fixable": finding.fixable, "cellIndex": finding.cell_index},
    }


def _uri(path: str) -> str:
    return quote(PurePath(path).as_posix(), safe="/~")
