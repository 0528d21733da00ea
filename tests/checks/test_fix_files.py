"""``handoff check --fix``, ``--diff`` and ``--since`` on real files and a real repository."""

from __future__ import annotations

import codecs
import json
import subprocess
from pathlib import Path

import pytest

from handoff_ext.cli import main

PASSWORD = "tarmac" + "Blue" + "77"


def notebook(folder: Path, name: str, *sources: str) -> Path:
    cells = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": s, "outputs": [], "execution_count": None}
        for n, s in enumerate(sources)
    ]
    path = folder / name
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path


def check(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["check", *map(str, arguments)])
    return int(ended.value.code or 0)


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    (tmp_path / "rows.csv").write_text("a\n1\n")
    return notebook(
        tmp_path,
        "messy.ipynb",
        'import pandas as pd\nrows = pd.read_csv("/home/ann/rows.csv")',
        f'url = "postgresql://reader:{PASSWORD}@db.internal/ops"',
    )


def test_diff_shows_and_writes_nothing(messy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = messy.read_bytes()
    assert check(messy, "--diff") == 1
    said = capsys.readouterr()
    assert "-rows = pd.read_csv" in said.out
    assert PASSWORD not in said.out + said.err
    assert messy.read_bytes() == before
    assert not (messy.parent / ".env.example").exists()


def test_fix_writes_once_and_leaves_nothing_safe(messy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messy.write_bytes(codecs.BOM_UTF8 + messy.read_bytes())  # as editors on Windows save it
    check(messy, "--fix")
    once = messy.read_bytes()
    assert PASSWORD.encode() not in once
    assert b"/home/ann" not in once
    assert "=" in (messy.parent / ".env.example").read_text()
    check(messy, "--fix")
    assert messy.read_bytes() == once
    capsys.readouterr()
    check(messy, "--format", "json")
    assert not [each for each in json.loads(capsys.readouterr().out)["findings"] if each["safe"]]


def test_since_checks_only_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *arguments], check=True, capture_output=True)

    git("init", "-q")
    for name in ("old.ipynb", "changed.ipynb"):
        notebook(tmp_path, name, 'open("/home/ann/a.csv")')
    git("add", ".")
    git("commit", "-qm", "first")
    notebook(tmp_path, "changed.ipynb", 'open("/home/ann/b.csv")')
    notebook(tmp_path, "new.ipynb", 'open("/home/ann/c.csv")')
    assert check(tmp_path, "--since", "HEAD", "--format", "json") == 1
    found = {Path(each["path"]).name for each in json.loads(capsys.readouterr().out)["findings"]}
    assert found == {"changed.ipynb", "new.ipynb"}
    assert check(tmp_path, "--since", "no-such-revision") == 2
