"""Ignoring a rule everywhere: what comes to stand in pyproject.toml, as the checks read it."""

from __future__ import annotations

import pytest

from handoff_ext.checks.settings import settings_for
from handoff_ext.contracts.errors import HandoffError, NotFound
from handoff_ext.contracts.sidebar import IgnoreRequest
from handoff_ext.server.analysis.ignoring import ignore


@pytest.fixture
def root(tmp_path):
    (tmp_path / "root" / "sub").mkdir(parents=True)
    (tmp_path / "root" / ".git").mkdir()
    return tmp_path / "root"


def asked(rule="PATH001", reason="the share is the same everywhere", path="sub/a.ipynb"):
    return IgnoreRequest(path=path, rule=rule, reason=reason)


@pytest.mark.parametrize(
    "before",
    [
        None,
        "",
        "# ours\n[project]\nname = 'x'  # its name\n",
        "[tool.other]\na = 1\n\n[tool.handoff]\nselect = ['PATH']\n",
        "[tool.handoff.ignore]\nCRED = 'none here'  # checked in May\n",
        "[tool.handoff]\nignore = ['CRED']\n",
        "[tool.handoff]\nignore = { CRED = 'none here' }\n",
        "tool.handoff.ignore.CRED = 'none here'\n",
        "[project]\r\nname = 'x'\r\n",
    ],
)
def test_the_checks_read_what_was_written_and_nothing_else_changes(root, before):
    file = root / "pyproject.toml"
    if before is not None:
        file.write_bytes(before.encode())
    was = settings_for(root / "sub" / "a.ipynb")
    ignore(root, asked(reason='a "quoted"\n reason'))
    now = settings_for(root / "sub" / "a.ipynb")
    assert now.ignore == {**was.ignore, "PATH001": 'a "quoted" reason'}
    assert now.select == was.select
    for line in (before or "").splitlines():
        if "ignore" not in line:
            assert line in file.read_text()


def test_a_rule_is_named_by_code_or_name_and_a_second_reason_takes_the_firsts_place(root):
    ignore(root, asked(rule="absolute-path"))
    ignore(root, asked(reason="another"))
    assert settings_for(root).ignore == {"PATH001": "another"}


def test_the_nearest_project_file_is_taken_unless_another_rules(root):
    (root / "sub" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    ignore(root, asked())
    assert not (root / "pyproject.toml").exists()
    (root / "sub" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (root / "pyproject.toml").write_text("[tool.handoff]\n")
    ignore(root, asked())
    assert settings_for(root / "sub").ignore == settings_for(root).ignore == {"PATH001": asked().reason}


@pytest.mark.parametrize(
    ("change", "message"),
    [({"rule": "NOPE001"}, "no rule NOPE001"), ({"reason": "  "}, "needs a reason")],
)
def test_unknown_rules_and_empty_reasons_are_refused(root, change, message):
    with pytest.raises(HandoffError, match=message):
        ignore(root, asked(**change))
    assert not (root / "pyproject.toml").exists()


def test_settings_above_the_root_are_left_alone(root):
    (root / ".git").rmdir()
    above = root.parent / "pyproject.toml"
    above.write_text("[tool.handoff]\n")
    with pytest.raises(HandoffError, match="lies above the folder"):
        ignore(root, asked())
    assert above.read_text() == "[tool.handoff]\n"


def test_a_link_out_of_the_root_is_not_followed(root, tmp_path):
    (tmp_path / "out.toml").write_text("")
    (root / "pyproject.toml").symlink_to(tmp_path / "out.toml")
    with pytest.raises(NotFound):
        ignore(root, asked())
    assert (tmp_path / "out.toml").read_text() == ""


@pytest.mark.parametrize("broken", ["[tool", "[tool.handoff]\nignore = 3\n", "tool = 3\n"])
def test_a_file_that_cannot_be_read_stays_as_it_is(root, broken):
    file = root / "pyproject.toml"
    file.write_text(broken)
    with pytest.raises(HandoffError):
        ignore(root, asked())
    assert file.read_text() == broken
    assert list((root / "sub").iterdir()) == []


async def test_the_route(ask, jp_root_dir, jp_create_notebook):
    jp_create_notebook("a.ipynb")
    status, answer = await ask("POST", "ignore", asked(path="a.ipynb").model_dump())
    assert (status, answer) == (200, {})
    assert settings_for(jp_root_dir).ignore == {"PATH001": asked().reason}
