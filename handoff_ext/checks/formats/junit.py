"""JUnit XML: a suite a notebook, a failed case a finding that must be fixed; the others pass with a note."""

from __future__ import annotations

import re
from itertools import groupby
from xml.etree import ElementTree as ET

from handoff_ext.checks.formats.words import place
from handoff_ext.contracts.finding import CheckReport

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: CheckReport) -> str:
    """The document. Files that could not be read are errors."""
    root = ET.Element("testsuites", name="handoff check")
    for path, group in groupby(report.findings, key=lambda finding: finding.path):
        findings = list(group)
        failures = sum(finding.severity == "error" for finding in findings)
        suite = _element(root, "testsuite", name=path, tests=str(len(findings)), failures=str(failures), errors="0")
        for finding in findings:
            case = _element(suite, "testcase", classname=path, name=f"{finding.rule} {place(finding)}")
            text = f"{finding.message} {finding.why}"
            if finding.severity == "error":
                _element(case, "failure", message=finding.message, type=finding.rule).text = _clean(text)
            else:
                _element(case, "system-out").text = _clean(text)
    if report.unreadable:
        count = str(len(report.unreadable))
        suite = _element(root, "testsuite", name="not read", tests=count, failures="0", errors=count)
        for each in report.unreadable:
            case = _element(suite, "testcase", classname=each.path, name="readable")
            _element(case, "error", message=each.reason, type="unreadable")
    if not len(root):
        suite = _element(root, "testsuite", name="notebooks", tests="1", failures="0", errors="0")
        _element(suite, "testcase", classname="handoff", name=f"no problems in {report.checked} notebooks")
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


def _element(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, tag, {name: _clean(value) for name, value in attributes.items()})


def _clean(text: str) -> str:
    """Without characters that XML 1.0 does not know."""
    return _NOT_XML.sub("?", text)
