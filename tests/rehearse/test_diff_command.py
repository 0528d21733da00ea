"""``handoff diff`` in every form, between everything that can be compared; the summary stands above."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from handoff_ext.cli.diff import command as diff
from tests.rehearse.conftest import Handed
from tests.rehearse.test_review import edited

GIT = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
SAID = "n = 2500"


@pytest.fixture(params=["notebook", "pipeline", "version", "revision"])
def sides(request: pytest.FixtureRequest, handed: Handed, copied: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two things of one kind, or a version and its pipeline, that differ in one cell; and the store."""
    stage = copied / "stages" / "30_train.ipynb"
    monkeypatch.chdir(copied.parent)
    if request.param == "notebook":
        edited(copied.parent / "flights.ipynb", "n = 1500", SAID)
        return [str(handed.folder.parent / "flights.ipynb"), "flights.ipynb"]
    if request.param == "revision":
        for arguments in (["init", "-q"], ["add", "flights.ipynb"], ["commit", "-qm", "one"]):
            subprocess.run([*GIT, *arguments], check=True)
        edited(copied.parent / "flights.ipynb", "n = 1500", SAID)
        subprocess.run([*GIT, "commit", "-qam", "two"], check=True)
        return ["HEAD~1", "HEAD"]
    edited(stage, "n = 1500", SAID)
    before = str(handed.folder) if request.param == "pipeline" else handed.version.uri
    return [before, copied.name, "--tracking-uri", handed.version.tracking_uri]


def test_markdown_has_the_summary_above_the_folded_diff(sides: list[str]) -> None:
    said = CliRunner().invoke(diff, [*sides, "--format", "markdown"], standalone_mode=False).output
    assert said.startswith(f"### From `{sides[0]}` to `{sides[1]}`\n")
    summary, _, rest = said.partition("<details>")
    assert re.search(r"\*\*Cells\*\*\n\n- \S*\.ipynb: 1 cell changed\n", summary)
    assert ("**Steps**\n\n- train changed" in summary) == ("flights_pipeline" in sides[1])
    assert SAID in rest and SAID not in summary
    assert rest.count("<details>") + 1 == rest.count("</details>")


def test_terminal_has_the_summary_above_the_diff(sides: list[str]) -> None:
    said = CliRunner().invoke(diff, sides, standalone_mode=False).output
    assert said.startswith(f"From {sides[0]} to {sides[1]}\n")
    assert said.index("1 cell changed") < said.index("+++") or said.index("1 cell changed") < said.index(SAID)


class Browser:
    """As much of one as nbdime's page needs: it keeps cookies and sends one of them back in a header."""

    def __init__(self) -> None:
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def ask(self, url: str, body: dict[str, Any] | None = None) -> str:
        headers = {"Content-Type": "application/json"}
        for cookie in self.cookies:
            headers |= {"X-XSRFToken": str(cookie.value)} if cookie.name == "_xsrf" else {}
        data = None if body is None else json.dumps(body).encode()
        with self.opener.open(urllib.request.Request(url, data, headers), timeout=30) as answer:
            return str(answer.read().decode())


@pytest.mark.slow
@pytest.mark.parametrize("sides", ["notebook", "version"], indirect=True)
def test_page_in_the_browser_has_the_summary_above_what_nbdime_shows(sides: list[str], tmp_path: Path) -> None:
    program, opened = tmp_path / "browser", tmp_path / "opened"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}.part && mv {opened}.part {opened}\n')
    program.chmod(0o755)
    command = [sys.executable, "-m", "handoff_ext", "diff", *sides, "--format", "web"]
    variables = {**os.environ, "BROWSER": f"{program} %s"}
    with (tmp_path / "log").open("w") as log:
        running = subprocess.Popen(command, env=variables, stdout=log, stderr=log)
    until = time.monotonic() + 120
    while not opened.exists() and running.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    try:
        address = urllib.parse.urlsplit(opened.read_text())
        base = f"{address.scheme}://{address.netloc}"
        names = {name: values[0] for name, values in urllib.parse.parse_qs(address.query).items()}
        browser = Browser()
        assert "nbdime" in browser.ask(address.geturl())
        shown = json.loads(browser.ask(f"{base}/api/diff", {name: names[name] for name in ("base", "remote")}))
        summary = shown["base"]["cells"][0]
        assert summary["cell_type"] == "markdown"
        assert "".join(summary["source"]).startswith(f"### From `{sides[0]}` to `{sides[1]}`")
        assert "1 cell changed" in "".join(summary["source"])
        (cells,) = [each for each in shown["diff"] if each["key"] == "cells"]
        assert [each["key"] for each in cells["diff"]] == [2]  # the summary, the text, the changed cell
        browser.ask(f"{base}/api/closetool", {"exitCode": 0})
        assert running.wait(60) == 0
    finally:
        running.kill()
        running.wait()


def test_where_no_notebook_differs_the_page_is_a_summary(handed: Handed, copied: Path) -> None:
    lock = copied / "requirements.lock"
    lock.write_text(lock.read_text().replace("joblib==", "joblib==0.0."))
    answer = CliRunner().invoke(diff, [str(handed.folder), str(copied), "--format", "web"], standalone_mode=False)
    assert re.search(r"Exact package list: joblib \S+ -> 0\.0\.", answer.output)
