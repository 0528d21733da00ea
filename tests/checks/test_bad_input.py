"""Any file in: findings or one sentence out, soon, and never a whole secret."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

from handoff_ext.cells.read import UnreadableNotebook, read_notebook
from handoff_ext.checks import Checker, check_paths
from handoff_ext.checks.formats import FORMATS, render
from handoff_ext.checks.settings import Settings
from handoff_ext.contracts.finding import CheckReport
from tests.checks.mutations import SECRETS, mutated
from tests.checks.notebooks import code, made_up, raw_of

ROUNDS = int(os.environ.get("HANDOFF_FUZZ", "2000"))
LONGEST = 10
"""Seconds that one file may take: a time-out, not a measurement."""


@pytest.mark.no_cover
@pytest.mark.timeout(max(300, ROUNDS // 10))
def test_mutated_notebooks_are_checked_or_refused(tmp_path: Path) -> None:
    rng, checker, settings = random.Random(17), Checker(keep=0), Settings()
    path = tmp_path / "a.ipynb"
    checked = 0
    for number in range(ROUNDS):
        path.write_bytes(mutated(rng))
        try:
            report = checker.check(read_notebook(path), None, settings)
        except UnreadableNotebook as error:
            assert "\n" not in error.message, number
            continue
        checked += 1
        shown = "\n".join(f"{each.message} {each.why}" for each in report.findings)
        assert not [secret for secret in SECRETS if secret in shown], number
        assert all(len(each.message) <= 140 for each in report.findings), number
        if number % 50 == 0:
            whole = "\n".join(render(CheckReport(findings=report.findings, checked=1), form) for form in FORMATS)
            assert not [secret for secret in SECRETS if secret in whole], number
    assert checked > ROUNDS / 2


def write(path: Path, raw: Any) -> Path:
    path.write_bytes(raw if isinstance(raw, bytes) else json.dumps(raw).encode())
    return path


BAD_FILES = {
    "empty": b"",
    "cut off": json.dumps(raw_of("x = 1")).encode()[:-20],
    "not UTF-8": json.dumps(raw_of("x = 1")).encode().replace(b"x = 1", b"x = \xff\xfe"),
    "merged by hand": b"<<<<<<< HEAD\n" + json.dumps(raw_of("x = 1")).encode(),
    "no notebook": b"[1, 2, 3]",
    "nested": b'{"cells":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "too old": json.dumps({**raw_of("x"), "nbformat": 1}).encode(),
    "too new": json.dumps({**raw_of("x"), "nbformat": 9}).encode(),
    "cells that are none": json.dumps({"nbformat": 4, "cells": [1, None]}).encode(),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_one_line_and_the_rest_is_checked(tmp_path: Path, name: str) -> None:
    bad = write(tmp_path / "bad.ipynb", BAD_FILES[name])
    write(tmp_path / "good.ipynb", raw_of('rows = pd.read_csv("/home/ann/rows.csv")'))
    report = check_paths([tmp_path], Settings())
    assert [each.path for each in report.unreadable] == [str(bad)]
    assert "\n" not in report.unreadable[0].reason
    assert len(report.unreadable[0].reason) < 200
    assert "PATH002" in [each.rule for each in report.findings]


@pytest.mark.parametrize("version", [2, 3, 4, 5])
def test_every_format_is_read(tmp_path: Path, version: int) -> None:
    cells = [{"cell_type": "code", "source": "print(gone)", "input": "print(gone)", "metadata": {}, "outputs": []}]
    body = {"worksheets": [{"cells": cells}]} if version < 4 else {"cells": cells}
    path = write(tmp_path / "a.ipynb", {"nbformat": version, "nbformat_minor": 0, "metadata": {}, **body})
    assert "STATE001" in [each.rule for each in check_paths([path]).findings]


@pytest.mark.parametrize(
    "source",
    [
        "print 'python 2'",
        "def f(:\n  x",
        "x = " + "(" * 500 + "1" + ")" * 500,
        "x = " + "-" * 20_000 + "1",
        "\n" * 50_000,
        "a" * 200_000,
        "x = '" + "\\" * 9_999,
        "!" * 5_000,
        "%" * 5_000,
        "a=" * 3_000 + "1",
        "password " * 20_000,
        "key=" * 20_000,
        "http://" * 20_000,
        "-----BEGIN PRIVATE KEY-----" * 2_000,
        "'" * 20_001,
        "." * 100_000,
        "/home/" * 20_000,
        "C:\\Users\\" * 10_000,
        "\x00",
        "\ud800",
    ],
)
@pytest.mark.timeout(LONGEST)
def test_no_source_hangs(source: str) -> None:
    from handoff_ext.cells.read import from_json

    text = code("1", output=source)
    prose = {"cell_type": "markdown", "metadata": {}, "source": source}
    report = Checker().check(from_json("a.ipynb", raw_of(source, text, prose)), None, Settings())
    assert all(len(each.message) <= 140 for each in report.findings)


@pytest.mark.parametrize("language", ["R", "julia", "scala", "bash"])
def test_other_languages_are_only_text(language: str) -> None:
    from handoff_ext.cells.read import from_json

    source = f'x <- read.csv("/home/ann/rows.csv")\npassword <- "{made_up(14)}"'
    report = Checker().check(from_json("a.ipynb", raw_of(source, language=language)), None, Settings())
    assert {each.rule for each in report.findings} == {"CRED002"}


@pytest.mark.no_cover
def test_ten_thousand_cells(tmp_path: Path) -> None:
    cells = [f"x{number} = {number}\nprint(x{number - 1 if number else 0})" for number in range(10_000)]
    report = check_paths([write(tmp_path / "a.ipynb", raw_of(*cells))], Settings(select=("STATE", "PATH", "CRED")))
    assert report.checked == 1
    assert report.findings == ()


@pytest.mark.slow
def test_outputs_of_200_mb(tmp_path: Path) -> None:
    output = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 200_000_000}}
    path = write(tmp_path / "a.ipynb", raw_of({**code("print(gone)"), "outputs": [output]}))
    assert "STATE001" in [each.rule for each in check_paths([path]).findings]


def test_links_that_run_in_circles_and_closed_folders(tmp_path: Path) -> None:
    write(tmp_path / "a.ipynb", raw_of("print(gone)"))
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.ipynb").symlink_to(tmp_path / "self.ipynb")
    (tmp_path / "nowhere.ipynb").symlink_to(tmp_path / "gone.ipynb")
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0)
    try:
        report = check_paths([tmp_path], Settings(select=("STATE",)))
    finally:
        closed.chmod(0o755)
    assert report.checked == 1
    assert [each.rule for each in report.findings] == ["STATE001"]
    assert {Path(each.path).name for each in report.unreadable} >= {"self.ipynb", "nowhere.ipynb"}
