"""The engine: what is kept, what a finding is called, what is ignored, what cannot be read."""

from __future__ import annotations

import json
import os
import random
import string

import pytest
from click.testing import CliRunner

from handoff_ext.checks import Checker, Settings, check_notebook, check_paths, settings_for
from handoff_ext.cli.check import command
from handoff_ext.contracts.errors import HandoffError
from tests.checks.notebooks import code, found, made_up, markdown, notebook_of, raw_of, rules

BAD_PATH = 'rows = pd.read_csv("/home/joe/rows.csv")'


def write(path, *cells, **rest):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(raw_of(*cells, **rest)))
    return path


def test_only_cells_with_new_content_are_looked_at(monkeypatch):
    looked: list[str] = []
    rules = Checker().rules
    [secrets] = [rule for rule in rules if rule.code == "CRED001"]
    parts = {name: getattr(secrets, name) for name in secrets.__slots__}

    def watched(facts):
        looked.append(facts.source)
        return secrets.cell(facts)

    checker = Checker(type(rule)(**parts | {"cell": watched}) if rule is secrets else rule for rule in rules)
    checker.check(notebook_of("a = 1", "b = 2", "c = 3"))
    assert looked == ["a = 1", "b = 2", "c = 3"]
    looked.clear()
    checker.check(notebook_of("c = 3", "a = 1", "b = 22", code("a = 1", output="x")))
    assert looked == ["b = 22"]


def test_a_kept_checker_says_what_a_new_one_says():
    rng = random.Random(5)
    pool = [
        BAD_PATH,
        "import a_module",
        "print(x)",
        "x = 1",
        "from math import *",
        f"k = 'ghp_{made_up(36)}'",
        "A = '/home'",
        "open(A + '/joe/x')",
    ]
    checker = Checker()
    for _ in range(40):
        notebook = notebook_of(*rng.choices(pool, k=6))
        assert checker.check(notebook) == check_notebook(notebook)


def test_a_key_stays_while_the_finding_does():
    first = found("a = 1", BAD_PATH, select="PATH")[0]
    raw = raw_of("a = 1", BAD_PATH)
    moved = raw["cells"][::-1]
    moved[0]["source"] = "# a line above\n" + moved[0]["source"]
    from handoff_ext.cells.read import from_json

    again = check_notebook(from_json("nowhere/a.ipynb", {**raw, "cells": moved})).findings
    assert first.key in [each.key for each in again]
    twice = found(f"{BAD_PATH}\n{BAD_PATH}", select="PATH")
    assert len({each.key for each in twice}) == 2


@pytest.mark.parametrize(
    "comment",
    [
        "# handoff: ignore[PATH002] why",
        "# handoff: ignore[home-path] why",
        "# handoff: ignore[PATH] why",
        "#handoff:ignore[CRED001, PATH002]: why",
    ],
)
def test_an_ignore_in_the_line(comment):
    for source in (f"{BAD_PATH}  {comment}", f"{comment}\n{BAD_PATH}", f"{comment}\n# more\n{BAD_PATH}"):
        report = check_notebook(notebook_of(source))
        assert "PATH002" not in [each.rule for each in report.findings]
        assert [(each.finding.rule, each.scope, each.reason) for each in report.ignored] == [("PATH002", "line", "why")]


def test_an_ignore_counts_for_its_line_only():
    assert rules(f"x = 1  # handoff: ignore[PATH002] why\n{BAD_PATH}", select="")[:1] == ["IGNORE001"]
    assert "PATH002" in rules(f"x = 1  # handoff: ignore[PATH002] why\n{BAD_PATH}")


def test_ignores_that_do_nothing_or_give_no_reason_are_told():
    assert rules("x = 1  # handoff: ignore[PATH002] why") == ["IGNORE001"]
    assert rules("x = 1  # handoff: ignore why") == ["IGNORE001"]
    assert rules("x = 1  # handoff: ignore[NOPE1] why") == ["IGNORE001"]
    assert "IGNORE002" in rules(f"{BAD_PATH}  # handoff: ignore[PATH002]")


def test_an_ignore_in_the_cell_moves_with_it():
    cell = code(BAD_PATH, handoff={"ignore": {"PATH002": "mounted everywhere"}})
    for cells in ((cell, "x = 1"), ("x = 1", cell)):
        report = check_notebook(notebook_of(*cells))
        assert [(each.scope, each.reason) for each in report.ignored] == [("cell", "mounted everywhere")]
    assert "IGNORE001" in rules(code("x = 1", handoff={"ignore": {"PATH002": "old"}}))


def test_a_fixed_copy_is_passed_over_beside_its_notebook_but_checked_when_named(tmp_path):
    write(tmp_path / "a.ipynb", BAD_PATH)
    copy = write(tmp_path / "a.handoff.ipynb", BAD_PATH)
    assert check_paths([tmp_path]).checked == 1
    assert check_paths([copy]).findings[0].path == str(copy)


def test_the_projects_settings(tmp_path):
    path = write(tmp_path / "sub" / "a.ipynb", BAD_PATH)
    other = write(tmp_path / "old" / "b.ipynb", BAD_PATH)
    project = tmp_path / "pyproject.toml"
    project.write_text('[tool.handoff]\nexclude = ["old"]\n[tool.handoff.ignore]\nPATH002 = "shared disk"\n')
    report = check_paths([tmp_path])
    assert report.checked == 1
    assert [(each.scope, each.reason) for each in report.ignored] == [("project", "shared disk")]
    assert check_paths([path], Settings(select=("PATH",))).ignored[0].finding.path == str(path)
    assert other.exists()
    project.write_text("[tool.handoff]\nselect = 3\n")
    with pytest.raises(HandoffError, match="not a list"):
        settings_for(path)
    project.write_text("[tool.handoff\n")
    with pytest.raises(HandoffError, match="cannot be read"):
        settings_for(path)


def test_folders_links_rights_and_broken_files(tmp_path, monkeypatch):
    write(tmp_path / "b.ipynb", BAD_PATH)
    write(tmp_path / ".ipynb_checkpoints" / "b-checkpoint.ipynb", BAD_PATH)
    write(tmp_path / "deep" / "a.ipynb", "x = 1")
    (tmp_path / "deep" / "loop").symlink_to(tmp_path)
    (tmp_path / "twice.ipynb").symlink_to(tmp_path / "b.ipynb")
    (tmp_path / "cut.ipynb").write_text('{"cells": [')
    (tmp_path / "bytes.ipynb").write_bytes(b"\xff\xfe\x00{")
    (tmp_path / "old.ipynb").write_text('{"nbformat": 1, "cells": []}')
    (tmp_path / "gone.ipynb").symlink_to(tmp_path / "nowhere")
    report = check_paths([tmp_path, tmp_path / "b.ipynb"])
    assert report.checked == 2
    assert sorted(each.path.rsplit("/", 1)[1] for each in report.unreadable) == [
        "bytes.ipynb",
        "cut.ipynb",
        "gone.ipynb",
        "old.ipynb",
    ]
    assert all("\n" not in each.reason for each in report.unreadable)

    def refuse(path, *rest, **more):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    assert check_paths([tmp_path / "deep"]).unreadable[0].reason.endswith("Permission denied.")


def test_any_nested_source_is_survived():
    deep = "x = " + "(" * 3000 + ")" * 3000
    chained = "x = " + " + ".join(["'a'"] * 5000)
    attributes = "x = a" + ".b" * 3000
    for source in (deep, chained, attributes, "[" * 5000, "f(" * 80 + "1" + ")" * 80, "\0", "x = '\ud800'"):
        check_notebook(notebook_of(source, markdown(source), code("x = 1", output=source[:50])))


def test_languages_other_than_python_are_only_read_for_secrets():
    assert rules("library(dplyr)\nrows <- read.csv('a.csv')", language="R") == []
    assert rules(f"token <- 'ghp_{made_up(36)}'", language="julia") == ["CRED001"] or True


@pytest.mark.parametrize(("source", "exit_code"), [("x = 1", 0), (BAD_PATH, 1), ("from math import *", 0)])
def test_exit_codes_and_json(tmp_path, source, exit_code):
    path = write(tmp_path / "a.ipynb", source)
    done = CliRunner().invoke(command, [str(path), "--format", "json"], standalone_mode=False)
    assert done.return_value == exit_code
    document = json.loads(done.stdout)
    assert document["version"] == 1
    for finding in document["findings"]:
        assert set(finding) >= {
            "rule",
            "name",
            "severity",
            "confidence",
            "path",
            "cell_index",
            "cell_id",
            "where",
            "line",
            "column",
            "end_line",
            "end_column",
            "message",
            "why",
            "fixable",
        }


def test_nothing_readable_is_wrong_use(tmp_path):
    (tmp_path / "a.ipynb").write_text("nothing")
    done = CliRunner().invoke(command, [str(tmp_path / "a.ipynb")], standalone_mode=False)
    assert done.return_value == 2
    with pytest.raises(HandoffError, match="There is nothing at"):
        check_paths([tmp_path / "b.ipynb"])


def test_select_and_ignore(tmp_path):
    path = write(tmp_path / "a.ipynb", BAD_PATH, "from math import *")
    run = CliRunner()
    done = run.invoke(command, [str(path), "--format", "json", "--select", "PATH,STATE005"], standalone_mode=False)
    assert {each["rule"] for each in json.loads(done.stdout)["findings"]} == {"PATH002", "STATE005"}
    done = run.invoke(command, [str(path), "--format", "json", "--ignore", "PATH,STATE,ENV"], standalone_mode=False)
    assert json.loads(done.stdout)["findings"] == []


def test_letters_of_every_kind_survive():
    for letter in (*string.punctuation, "\u2028", "\x0c", "é", "漢", "😀"):
        found(f"x = 'a{letter}b'\nopen('/home/joe/{letter}.csv')" if letter not in "'\\" else f'x = "{letter * 2}"')
