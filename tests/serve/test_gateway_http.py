"""The running service, as a client sees it: ``handoff serve`` with its worker in the version's own environment."""

from __future__ import annotations

import json
import math
import os
import signal
import socket
from pathlib import Path

import httpx
import psutil
import pytest
from jsonschema import Draft202012Validator

from handoff_ext.serve.loading import with_load
from tests.serve.conftest import Published, alive, gateway, until_ready


def test_a_row_gets_its_prediction_and_all_that_belongs_to_it(served: httpx.Client, published: Published) -> None:
    response = served.post("/predict", json=published.rows[:2])
    assert response.status_code == 200
    first, second = response.json()["answers"]
    assert [first["prediction"], second["prediction"]] == pytest.approx(published.scores[:2])
    assert {name: first[name] for name in ("model", "version", "stage", "in_scope", "fallback", "fallback_reason")} == {
        "model": "flights",
        "version": "1",
        "stage": "shadow",
        "in_scope": True,
        "fallback": False,
        "fallback_reason": "",
    }
    assert first["id"] != second["id"]


def test_the_three_ways_to_send_rows_are_one(served: httpx.Client, published: Published) -> None:
    row = published.rows[0]
    answers = [served.post("/predict", json=body).json()["answers"] for body in (row, [row], {"rows": [row]})]
    assert [answer["prediction"] for one in answers for answer in one] == pytest.approx([published.scores[0]] * 3)


def test_mlflow_clients_get_what_they_expect(served: httpx.Client, published: Published) -> None:
    rows = published.rows[:3]
    names = list(rows[0])
    lines = [",".join(str(row[name]) for name in names) for row in rows]
    bodies = [
        {"dataframe_split": {"columns": names, "data": [list(row.values()) for row in rows]}},
        {"dataframe_records": rows},
        {"inputs": rows},
        {"inputs": {name: [row[name] for row in rows] for name in names}},
    ]
    responses = [served.post("/invocations", json=body) for body in bodies]
    csv = "\n".join([",".join(names), *lines])
    responses.append(served.post("/invocations", content=csv, headers={"Content-Type": "text/csv; charset=utf-8"}))
    for response in responses:
        assert response.status_code == 200, response.text
        assert response.json()["predictions"] == pytest.approx(published.scores[:3])
        assert [answer["version"] for answer in response.json()["answers"]] == ["1"] * 3


def test_pandas_nan_is_a_missing_value_to_mlflow_clients_only(served: httpx.Client, published: Published) -> None:
    row = {**published.rows[0], "wind": math.nan}
    assert served.post("/invocations", content=json.dumps({"dataframe_records": [row]})).status_code == 200
    assert served.post("/predict", content=json.dumps([row])).status_code == 422


SECRET = "secret-91827"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([{"distance": SECRET, "wind": [SECRET], "carrier": {SECRET: 1}, "weekend": SECRET}], 422),
        ([{"distance": 1}], 422),
        ([SECRET], 422),
        (SECRET, 400),
        (None, 400),
    ],
)
def test_a_refusal_names_field_row_and_expectation_and_echoes_nothing(
    served: httpx.Client, body: object, status: int
) -> None:
    response = served.post("/predict", json=body)
    assert response.status_code == status
    assert SECRET not in response.text
    assert "Traceback" not in response.text
    assert str(Path.cwd()) not in response.text
    said = response.json()
    assert said["message"]
    if status == 422:
        assert all(problem["row"] == 1 and problem["expected"] for problem in said["problems"])


@pytest.mark.parametrize(
    ("path", "content", "kind", "status"),
    [
        ("/predict", b"{", "application/json", 400),
        ("/predict", b"[" * 100_000, "application/json", 400),
        ("/predict", b"9" * 10_000, "application/json", 400),
        ("/predict", b"\xff\xfe", "application/json", 400),
        ("/predict", b"<row/>", "text/xml", 415),
        ("/predict", b" " * 5_000_001, "application/json", 413),
        ("/predict", b"[" + b"{}," * 10_000 + b"{}]", "application/json", 413),
        ("/invocations", b"{}", "application/json", 400),
        ("/invocations", b'{"inputs": {"a": [1], "b": [1, 2]}}', "application/json", 400),
        ("/invocations", b'{"dataframe_split": {"columns": ["a", "a"], "data": []}}', "application/json", 400),
        ("/invocations", b'{"dataframe_split": {"columns": ["a"], "data": [[1, 2]]}}', "application/json", 400),
        ("/invocations", b'a,b\n"1', "text/csv", 400),
        ("/invocations", b"a,b\n1", "text/csv", 400),
        ("/invocations", b"\xff", "text/csv", 400),
        ("/invocations", b"{}", "text/csv", 400),
        ("/invocations", b'{"dataframe_records": []}', "application/json", 400),
        ("/nothing", b"", "application/json", 404),
        ("/card", b"", "application/json", 405),
    ],
)
def test_every_wrong_request_gets_a_sentence(
    served: httpx.Client, path: str, content: bytes, kind: str, status: int
) -> None:
    response = served.post(path, content=content, headers={"Content-Type": kind})
    assert response.status_code == status
    assert response.json()["message"].endswith(".")


def test_pages_of_other_places_may_not_ask(served: httpx.Client, published: Published) -> None:
    foreign = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answers = [
        served.options("/predict", headers=foreign),
        served.post("/predict", json=published.rows[:1], headers=foreign),
    ]
    assert [answer.status_code for answer in answers] == [405, 200]
    assert not [name for answer in answers for name in answer.headers if name.startswith("access-control")]


def test_no_rows_no_answers(served: httpx.Client) -> None:
    assert served.post("/predict", json=[]).json() == {"answers": []}


def test_openapi_describes_the_rows(served: httpx.Client, published: Published) -> None:
    described = served.get("/openapi.json").json()
    row = described["components"]["schemas"]["Row"]
    assert row["required"] == ["distance", "wind", "carrier", "weekend"]
    assert row["properties"]["carrier"]["x-known-values"] == ["AA", "DL", "UA"]
    assert row["properties"]["distance"]["x-known-range"] == [95.0, 4979.0]
    assert row["properties"]["distance"]["description"] == "a whole number, usually 95 to 4979 miles"
    assert row["properties"]["distance"]["x-unit"] == "miles"
    assert row["properties"]["wind"]["type"] == ["number", "null"]
    assert row["properties"]["distance"]["type"] == "integer" and row["properties"]["weekend"]["type"] == "boolean"
    Draft202012Validator(row).validate(row["examples"][0])
    answers = served.post("/predict", json=row["examples"]).json()
    Draft202012Validator({"$ref": "#/components/schemas/Answers", **described}).validate(answers)


def test_figures_and_card(served: httpx.Client, published: Published) -> None:
    served.post("/predict", json=[{**published.rows[0], "distance": 9000}])
    text = served.get("/metrics").text
    assert 'handoff_answers_total{by="model",in_scope="false",version="1"}' in text
    assert 'handoff_requests_total{route="/predict",status="200"}' in text
    assert "handoff_ready 1.0" in text
    assert served.get("/card").text == "# Late flights\n"
    assert served.get("/runbook").text == "# When something is wrong\n"
    assert served.get("/health").json() == {"status": "ok"}


def test_stops_gracefully_and_leaves_no_process(published: Published) -> None:
    with gateway(str(published.folder)) as (client, process):
        until_ready(client)
        workers = psutil.Process(process.pid).children(recursive=True)
        assert workers
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert not [worker.pid for worker in workers if alive(worker.pid)]


def test_a_killed_gateway_leaves_no_worker(published: Published) -> None:
    with gateway(str(published.folder)) as (client, process):
        until_ready(client)
        workers = psutil.Process(process.pid).children(recursive=True)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
        psutil.wait_procs(workers, 10)
        assert not [worker.pid for worker in workers if alive(worker.pid)]


def test_a_taken_port_is_said(published: Published, run_handoff) -> None:  # type: ignore[no-untyped-def]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run_handoff("serve", str(published.folder), "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "cannot be used: address already in use" in done.stderr


def test_a_load_test_counts_what_it_gets(served: httpx.Client, published: Published, run_handoff) -> None:  # type: ignore[no-untyped-def]
    asked = ["--clients", "4", "--seconds", "0.5", "--tracking-uri", published.tracking_uri, "--format", "json"]
    done = run_handoff("loadtest", published.uri, "--url", str(served.base_url), *asked)
    figures = json.loads(done.stdout)
    assert done.returncode == 0 and figures["requests"] > 0
    assert (figures["clients"], figures["fallbacks"], figures["refused"]) == (4, 0, {})
    slowly = json.loads(
        run_handoff("loadtest", published.uri, "--url", str(served.base_url), *asked, "--rate", "10").stdout
    )
    assert (slowly["offered a second"], 4 <= slowly["requests"] <= 9) == (10, True)
    nobody = run_handoff("loadtest", published.uri, "--url", "http://127.0.0.1:9", *asked)
    assert nobody.returncode == 2 and "does not answer" in nobody.stderr


def test_the_card_shows_what_a_load_test_noted() -> None:
    figures = {"clients": 8, "a second": 420.5, "half within ms": 9.1, "99 of 100 within ms": 30, "requests": 99}
    noted = json.dumps({**figures, "fallbacks": 1})
    shown = with_load("# Late flights\n", noted)
    assert shown.startswith(
        "# Late flights\n\n## Under load\n\n420.5 answers a second from 8 clients; half within 9.1 ms"
    )
    page = with_load("<body><main><h1>Late</h1></main></body>", noted, html=True)
    assert page.startswith("<body><main><h1>Late</h1><h2>Under load</h2>") and page.endswith("</p></main></body>")
    for nothing in ("", "{", "{}", "3"):
        assert with_load("# Late", nothing) == "# Late"
