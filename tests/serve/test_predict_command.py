"""``handoff predict``: one question, one answer, one sentence where there is none."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from handoff_ext.serve import answer_once_over_http
from tests.serve.conftest import Published

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def ask(run_handoff: Run, published: Published) -> Run:
    def run(*arguments: str, **options: str) -> subprocess.CompletedProcess[str]:
        return run_handoff("predict", str(published.folder), *arguments, **options)

    return run


def test_a_csv_file_as_json(ask: Run, published: Published, tmp_path: Path) -> None:
    rows = published.rows[:3]
    lines = [",".join(str(value) for value in row.values()) for row in rows]
    (tmp_path / "rows.csv").write_text("\n".join([",".join(rows[0]), *lines]))
    done = ask(str(tmp_path / "rows.csv"), "--format", "json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    answers = json.loads(done.stdout)["answers"]
    assert [answer["prediction"] for answer in answers] == pytest.approx(published.scores[:3])


def test_text_says_what_to_think_of_it(ask: Run, published: Published) -> None:
    done = ask("-", input=json.dumps([published.rows[0], {**published.rows[0], "distance": 9000}]))
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "Unlike known cases: treat as a guess. distance: known are 95 to 4979 miles." in text
    assert text.endswith("stage shadow")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["[{}]"], "Row 1, distance: is missing; give a whole number"),
        (["{"], "This is not JSON (line 1, column 2)."),
        (["nowhere.json"], "nowhere.json cannot be read"),
        ([], "Give either ROWS or --example."),
    ],
)
def test_wrong_use_is_one_sentence(ask: Run, arguments: list[str], sentence: str) -> None:
    done = ask(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize("uri", ["nowhere", "models:/flights", "models:/flights/x", "/tmp"])
def test_what_is_no_model_is_said(run_handoff: Run, uri: str) -> None:
    done = run_handoff("predict", uri, "--example")
    assert done.returncode == 2
    assert "models:/NAME/VERSION" in done.stderr


def test_one_question_over_http(published: Published) -> None:
    answers = answer_once_over_http(str(published.folder))
    assert answers.answers[0].prediction == pytest.approx(published.scores[0])
