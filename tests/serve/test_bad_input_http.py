"""Each kind of bad value over HTTP: what comes of it is what the plan says of its column; nothing sent is echoed."""

from __future__ import annotations

import contextlib
import json
import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from tests.serve.conftest import Published, gateway, until_ready

KINDS = ("missing", "null", "not_a_number", "infinite", "mistyped", "unseen", "out_of_range")
ECHO = "echo-55512"
SENT: dict[str, Any] = {
    "missing": ...,
    "null": None,
    "not_a_number": math.nan,
    "infinite": math.inf,
    "mistyped": ECHO,
    "out_of_range": 5551255512,
    "unseen": ECHO,
}
PLANNED = {
    "distance": dict.fromkeys(KINDS, "flag"),
    "wind": dict.fromkeys(KINDS, "impute"),
    "carrier": {"unseen": "reject", "missing": "flag", "null": "impute", "mistyped": "impute"},
}


@pytest.fixture(scope="module")
def planned(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A gateway before the same model, whose plan says what becomes of bad values."""
    with _gateway(published, tmp_path_factory, PLANNED) as client:
        yield client


@pytest.fixture(scope="module", params=["reject", "impute", "flag"])
def declared(
    request: pytest.FixtureRequest, published: Published, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, httpx.Client]]:
    """An outcome, and a gateway whose plan says it of every kind of bad value in every column."""
    plan = {name: dict.fromkeys(KINDS, request.param) for name in PLANNED}
    with _gateway(published, tmp_path_factory, plan) as client:
        yield request.param, client


@contextlib.contextmanager
def _gateway(
    published: Published, aside: pytest.TempPathFactory, outcomes: dict[str, dict[str, str]]
) -> Iterator[httpx.Client]:
    folder = aside.mktemp("planned") / "model"
    shutil.copytree(published.folder, folder)
    [path] = folder.rglob("plan.yaml")
    plan = YAML(typ="safe").load(path)
    plan["columns"] = {name: {"bad_input": each} for name, each in outcomes.items()}
    plan["extra_columns"] = "flag"
    with path.open("w") as file:
        YAML(typ="safe").dump(plan, file)
    with gateway(str(folder)) as (client, _):
        until_ready(client)
        yield client


def ask(client: httpx.Client, row: dict[str, Any]) -> httpx.Response:
    """``row`` as JSON, with the words for NaN and infinity that many libraries write; nothing may come back of it."""
    response = client.post("/predict", content=json.dumps(row), headers={"Content-Type": "application/json"})
    assert ECHO not in response.text and "55512" not in response.text
    assert "Traceback" not in response.text and str(Path.cwd()) not in response.text
    return response


def bad(published: Published, column: str, kind: str) -> dict[str, Any]:
    row = dict(published.rows[0])
    if SENT[kind] is ...:
        del row[column]
    else:
        row[column] = 55512 if column == "carrier" and kind == "mistyped" else SENT[kind]
    return row


NUMBERS = [kind for kind in KINDS if kind != "unseen"]


@pytest.mark.parametrize("kind", NUMBERS)
def test_marked_and_answered(planned: httpx.Client, published: Published, kind: str) -> None:
    response = ask(planned, bad(published, "distance", kind))
    assert response.status_code == 200, response.text
    [answer] = response.json()["answers"]
    [remark] = answer["unlike_known"]
    usable = kind == "out_of_range"  # the model is asked with the value itself
    assert (remark["field"], remark["problem"]) == ("distance", None if usable else kind.replace("_", " "))
    assert not remark["imputed"] and not answer["in_scope"]


@pytest.mark.parametrize("kind", NUMBERS)
def test_filled_in_as_training_filled_its_gaps(planned: httpx.Client, published: Published, kind: str) -> None:
    gap = ask(planned, {**published.rows[0], "wind": None}).json()["answers"][0]["prediction"]
    response = ask(planned, bad(published, "wind", kind))
    assert response.status_code == 200, response.text
    [answer] = response.json()["answers"]
    assert answer["prediction"] == gap and answer["in_scope"]
    [remark] = answer["unlike_known"]
    assert remark["imputed"] and (remark["field"], remark["problem"]) == ("wind", kind.replace("_", " "))


@pytest.mark.parametrize("kind", [kind for kind in NUMBERS if kind != "out_of_range"])
def test_refused_where_the_plan_says_nothing(served: httpx.Client, published: Published, kind: str) -> None:
    response = ask(served, bad(published, "distance", kind))
    assert response.status_code == 422
    [problem] = response.json()["problems"]
    assert (problem["field"], problem["problem"]) == ("distance", kind.replace("_", " "))
    assert "80 to 49" in problem["expected"] or "whole number" in problem["expected"]


CASES = [
    *(("distance", kind) for kind in KINDS if kind != "unseen"),
    *(("carrier", kind) for kind in KINDS if kind != "out_of_range"),
]


@pytest.mark.parametrize(("column", "kind"), CASES)
def test_each_kind_has_each_outcome_that_the_plan_declares(
    declared: tuple[str, httpx.Client], published: Published, column: str, kind: str
) -> None:
    outcome, client = declared
    response = ask(client, bad(published, column, kind))
    if outcome == "reject":
        assert response.status_code == 422
        [problem] = response.json()["problems"]
        assert (problem["field"], problem["problem"]) == (column, kind.replace("_", " ")) and problem["expected"]
        return
    assert response.status_code == 200, response.text
    [answer] = response.json()["answers"]
    [remark] = answer["unlike_known"]
    assert (remark["field"], remark["imputed"]) == (column, outcome == "impute")
    assert answer["in_scope"] is (outcome == "impute") and answer["prediction"] is not None


def test_a_choice_has_an_outcome_for_each_kind(planned: httpx.Client, published: Published) -> None:
    refused = ask(planned, bad(published, "carrier", "unseen"))
    assert refused.status_code == 422
    [problem] = refused.json()["problems"]
    assert (problem["field"], problem["problem"]) == ("carrier", "unseen") and "AA" in problem["expected"]
    for kind, imputed in (("missing", False), ("null", True), ("mistyped", True)):
        response = ask(planned, bad(published, "carrier", kind))
        assert response.status_code == 200, response.text
        [remark] = response.json()["answers"][0]["unlike_known"]
        assert (remark["field"], remark["problem"], remark["imputed"]) == ("carrier", kind, imputed)


def test_what_is_no_input_is_left_aside_or_refused(
    planned: httpx.Client, served: httpx.Client, published: Published
) -> None:
    row = {**published.rows[0], "wnd": ECHO}
    aside = ask(planned, row)
    assert aside.status_code == 200
    assert aside.json()["answers"][0]["prediction"] == pytest.approx(published.scores[0])
    assert [remark["field"] for remark in aside.json()["answers"][0]["unlike_known"]] == ["wnd"]
    assert ask(served, row).status_code == 422
