"""What every request goes through before and after its handler."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from handoff_ext.ledger.store import Outcome, Store
from handoff_ext.serve.door import Door, read_body
from handoff_ext.serve.limits import Limits
from handoff_ext.serve.metrics import Metrics
from handoff_ext.serve.serving import Serving
from handoff_ext.serve.version import ServedVersion


def request(*messages: dict[str, Any]) -> Request:
    """A POST whose body arrives as these messages; after the last, nothing more ever comes."""
    waiting = list(messages)

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop(0)

    return Request({"type": "http", "method": "POST", "path": "/predict", "headers": []}, receive)


def body_of(response: Response) -> dict[str, Any]:
    said = json.loads(bytes(response.body))
    assert isinstance(said, dict)
    return said


@pytest.fixture
def metrics(version: ServedVersion) -> Metrics:
    return Metrics(Serving(version))


def test_one_too_many_is_sent_away_and_may_come_again(metrics: Metrics) -> None:
    door = Door(Limits(concurrency=1), metrics)

    async def both() -> list[Response]:
        leave = asyncio.Event()

        async def slow(_: Request) -> Response:
            await leave.wait()
            return Response("done")

        guarded = door.guard(slow)
        first = asyncio.create_task(guarded(request()))
        await asyncio.sleep(0)
        second = await guarded(request())
        leave.set()
        return [await first, second, await guarded(request())]

    responses = asyncio.run(both())
    assert [response.status_code for response in responses] == [200, 429, 200]
    assert responses[1].headers["retry-after"] == "1"


def test_an_unforeseen_error_says_nothing_of_the_row(metrics: Metrics, caplog: pytest.LogCaptureFixture) -> None:
    async def fails(_: Request) -> Response:
        raise KeyError("secret-91827")

    response = asyncio.run(Door(Limits(), metrics).guard(fails)(request()))
    assert response.status_code == 500
    assert body_of(response)["message"] == "Something went wrong here."
    assert "KeyError" in caplog.text
    assert "secret-91827" not in caplog.text + str(body_of(response))


def test_a_database_that_is_away_is_no_fault_of_who_asks(metrics: Metrics, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = Store(f"sqlite:///{tmp_path / 'file' / 'ledger.db'}")

    async def keeps(_: Request) -> Response:
        store.decisions()
        store.add_outcomes("m", [Outcome(answer="1", truth=1)])
        return Response("kept")

    response = asyncio.run(Door(Limits(), metrics).guard(keeps)(request()))
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert str(tmp_path) not in str(body_of(response))


@pytest.mark.parametrize(
    ("messages", "status"),
    [
        ([{"type": "http.request", "body": b"x" * 11, "more_body": True}], 413),
        ([{"type": "http.request", "body": b"x", "more_body": True}], 408),
        ([{"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.disconnect"}], 400),
    ],
)
def test_a_body_too_long_too_slow_or_cut_off_is_said(
    metrics: Metrics, messages: list[dict[str, Any]], status: int
) -> None:
    limits = Limits(body=10, seconds=0.05)

    async def reads(given: Request) -> Response:
        return Response(await read_body(given, limits))

    assert asyncio.run(Door(limits, metrics).guard(reads)(request(*messages))).status_code == status


def test_without_a_right_key_nobody_comes_in_and_the_name_of_a_right_one_is_known(metrics: Metrics, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from handoff_ext.serve.keys import Keys, add_key

    key = add_key(tmp_path / "keys.json", "desk", ["predict"])
    door = Door(Limits(), metrics, Keys(tmp_path / "keys.json"))
    seen = []

    async def handler(asked: Request) -> Response:
        seen.append(asked.scope["by"])
        return Response("in")

    async def ask(role: Any, *headers: tuple[bytes, bytes]) -> Response:
        asked = request()
        asked.scope["headers"] = list(headers)
        return await door.guard(handler, role)(asked)

    outside = asyncio.run(ask("predict"))
    assert outside.status_code == 401
    assert outside.headers["www-authenticate"].startswith("Basic")
    assert asyncio.run(ask("operate", (b"x-api-key", key.encode()))).status_code == 401
    assert asyncio.run(ask("predict", (b"x-api-key", key.encode()))).status_code == 200
    assert seen == ["desk"]
