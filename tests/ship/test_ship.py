"""The whole road with real parts: a kernel, papermill, a sqlite store, a clean environment, an HTTP request."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from handoff_ext.contracts.errors import Cancelled
from handoff_ext.ship import road
from handoff_ext.ship.journey import Options
from tests.ship.conftest import PLAN, Road, ship, steps

Messy = Callable[..., Path]


def test_a_messy_notebook_is_handed_over_and_stays_as_it_was(shipped: Road) -> None:
    answer = shipped.answer
    assert shipped.code == 0, answer
    assert answer["verdict"] == "handed over"
    assert answer["model_uri"] == "models:/flowers/1"
    assert answer["compared_values"] > 100
    assert answer["metric"]["name"] == "accuracy"
    assert answer["metric"]["notebook"] == answer["metric"]["pipeline"] > 0.9
    assert {status for step, status in steps(answer).items() if step != "features"} == {"ok"}
    assert shipped.notebook.read_bytes() == shipped.before
    assert {event["step"] for event in shipped.progress} >= {"check", "run", "prove", "rehearse", "predict"}
    assert any(event["part"] for event in shipped.progress if event["step"] == "run")
    packed = json.loads((shipped.notebook.parent / "flowers_pipeline/run/model/packed/pack.json").read_text())
    assert (packed["level"], packed["learned_in_run"]) == ("raw", True), (
        "serving prepares rows by what training learned"
    )


def test_missing_answers_stop_publishing_but_not_a_draft(shipped: Road) -> None:
    plan = shipped.notebook.with_name("flowers.handoff.yaml")
    plan.unlink()
    try:
        code, answer, _ = ship(shipped.notebook, "--name", "flowers", "--yes")
        assert code == 1
        assert steps(answer)["publish"] == "failed"
        assert "Owner" in answer["steps"][-1]["reason"]
        assert "unchanged" in next(step["detail"] for step in answer["steps"] if step["step"] == "run")
        code, answer, _ = ship(shipped.notebook, "--name", "flowers", "--yes", "--draft", "--until", "publish")
        assert code == 0, answer["steps"][-1]
        assert answer["draft"]
        assert steps(answer)["publish"] == "ok"
        assert answer["verdict"] == "not handed over"  # nobody tried it on a clean machine yet
    finally:
        plan.write_text(PLAN)


def test_a_draft_goes_no_further_once_it_is_stopped(messy: Messy, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def stopped(_: object) -> str:
        raise Cancelled("The comparison was stopped.", "Run it again; nothing was changed.")

    def later(_: object) -> str:
        begun.append("publish")
        return ""

    steps = {"prove": stopped, "publish": later}
    monkeypatch.setattr(road, "STEPS", steps)
    with pytest.raises(Cancelled):
        road.ship(messy(), Options(name="flowers", draft=True))
    assert not begun


def test_without_yes_a_problem_ends_the_road_before_anything_runs(messy: Messy) -> None:
    notebook = messy()
    code, answer, _ = ship(notebook, "--name", "flowers")
    assert code == 1
    assert steps(answer) == {"check": "failed"}
    assert not (notebook.parent / "flowers_pipeline").exists()


def test_a_cell_that_fails_is_named_and_nothing_is_published(messy: Messy) -> None:
    notebook = messy(cell_4='rows["petal_area"] = rows["no_such_column"] * 2')
    notebook.write_bytes(codecs.BOM_UTF8 + notebook.read_bytes())  # as editors on Windows save it
    code, answer, _ = ship(notebook, "--name", "flowers", "--yes")
    assert code == 1
    assert steps(answer)["run"] == "failed"
    assert "no_such_column" in answer["steps"][-1]["reason"]
    assert answer["verdict"] == "not handed over"
    assert not (notebook.parent / "store.db").exists()


@pytest.mark.slow  # that the comparison says so is tested in tests/run
def test_an_unseeded_model_is_never_called_proven(messy: Messy) -> None:
    code, answer, _ = ship(messy(cell_5=_UNSEEDED), "--name", "flowers", "--yes", "--until", "prove")
    assert code == 1
    assert steps(answer)["prove"] == "failed"
    assert answer["verdict"] == "not handed over"


_UNSEEDED = """\
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
X = rows.drop(columns=["species"])
y = rows["species"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
"""
