"""A new sqlite store is whole or not there."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from handoff_ext.publish import newstore
from handoff_ext.publish.newstore import ensure_store
from handoff_ext.publish.registry import Registry


def test_new_store_is_mlflows_own_with_nothing_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "new" / "mlflow.db"
    assert Registry(f"sqlite:///{store}").versions() == []
    monkeypatch.setattr(newstore, "_migrate", lambda uri: pytest.fail("made a second time"))
    other = tmp_path / "other.db"
    ensure_store(f"sqlite:///{other}")
    with sqlite3.connect(other) as database:
        assert database.execute("select count(*) from experiments").fetchone() == (0,)
    assert not list(tmp_path.glob(".*"))


def test_store_that_is_there_is_left_alone(tmp_path: Path) -> None:
    store = tmp_path / "mlflow.db"
    store.write_text("theirs")
    ensure_store(f"sqlite:///{store}")
    ensure_store("http://127.0.0.1:1")
    assert store.read_text() == "theirs"


def test_killed_while_migrating_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(uri: str) -> None:
        Path(uri.removeprefix("sqlite:///")).write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setenv("HANDOFF_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(newstore, "_migrate", killed)
    with pytest.raises(KeyboardInterrupt):
        ensure_store(f"sqlite:///{tmp_path / 'mlflow.db'}")
    assert not list(tmp_path.rglob("*.db"))
