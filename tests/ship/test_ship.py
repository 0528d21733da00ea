"""The whole road with real parts: a kernel, papermill, a sqlite store, a clean environment, an HTTP request."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from handoff_ext.cli import main

Messy = Callable[..., Path]


def ship(notebook: Path, *options: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict, str]:
    store = f"sqlite:///{notebook.parent / 'store.db'}"
    with pytest.raises(SystemExit) as ended:
        main(["ship", str(notebook), "--tracking-uri", store, "--format", "json", "--progress", *options])
    said = capsys.readouterr()
    return int(ended.value.code or 0), json.loads(said.out) if said.out else {}, said.err


def steps(shipped: dict) -> dict[str, str]:
    return {step["step"]: step["status"] for step in shipped["steps"]}


def test_a_messy_notebook_is_handed_over_and_stays_as_it_was(messy: Messy, capsys: pytest.CaptureFixture[str]) -> None:
    notebook = messy()
    before = notebook.read_bytes()
    code, shipped, progress = ship(notebook, "--name", "flowers", "--yes", capsys=capsys)
    assert code == 0, shipped
    assert shipped["verdict"] == "handed over"
    assert shipped["model_uri"] == "models:/flowers/1"
    assert shipped["compared_values"] > 100
    assert shipped["metric"]["name"] == "accuracy"
    assert shipped["metric"]["notebook"] == shipped["metric"]["pipeline"] > 0.9
    assert steps(shipped).pop("features") == "skipped"
    assert {status for step, status in steps(shipped).items() if step != "features"} == {"ok"}
    assert notebook.read_bytes() == before
    events = [json.loads(line) for line in progress.splitlines()]
    assert {event["step"] for event in events} >= {"check", "run", "prove", "rehearse", "predict"}
    assert any(event["part"] for event in events if event["step"] == "run")


def test_without_yes_a_problem_ends_the_road_before_anything_runs(
    messy: Messy, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = messy()
    code, shipped, _ = ship(notebook, "--name", "flowers", capsys=capsys)
    assert code == 1
    assert steps(shipped) == {"check": "failed"}
    assert not (notebook.parent / "flowers_pipeline").exists()


def test_a_cell_that_fails_is_named_and_nothing_is_published(messy: Messy, capsys: pytest.CaptureFixture[str]) -> None:
    notebook = messy(cell_4='rows["petal_area"] = rows["no_such_column"] * 2')
    code, shipped, _ = ship(notebook, "--name", "flowers", "--yes", capsys=capsys)
    assert code == 1
    assert steps(shipped)["run"] == "failed"
    assert "no_such_column" in shipped["steps"][-1]["reason"]
    assert shipped["verdict"] == "not handed over"
    assert not (notebook.parent / "store.db").exists()


def test_an_unseeded_model_is_never_called_proven(messy: Messy, capsys: pytest.CaptureFixture[str]) -> None:
    notebook = messy(cell_5=_UNSEEDED)
    code, shipped, _ = ship(notebook, "--name", "flowers", "--yes", "--until", "prove", capsys=capsys)
    assert code == 1
    assert steps(shipped)["prove"] == "failed"
    assert shipped["verdict"] == "not handed over"


def test_missing_answers_stop_publishing_but_not_a_draft(messy: Messy, capsys: pytest.CaptureFixture[str]) -> None:
    notebook = messy()
    notebook.with_name("flowers.handoff.yaml").unlink()
    code, shipped, _ = ship(notebook, "--name", "flowers", "--yes", capsys=capsys)
    assert code == 1
    assert steps(shipped)["publish"] == "failed"
    assert "Owner" in shipped["steps"][-1]["reason"]
    code, shipped, _ = ship(notebook, "--name", "flowers", "--yes", "--draft", capsys=capsys)
    assert code == 0, shipped
    assert shipped["draft"]
    assert shipped["verdict"] == "handed over"


_UNSEEDED = """\
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
X = rows.drop(columns=["species"])
y = rows["species"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
"""
