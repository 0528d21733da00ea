"""Somebody who has the registry's address and the model's name, as its card says them, and nothing else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.serve.conftest import gateway, until_ready


@pytest.mark.slow
def test_from_the_address_to_a_prediction_an_outcome_an_alert_and_a_rollback(
    handoff: Callable[..., Any], registry: str
) -> None:
    with gateway("--name", "flights", "--tracking-uri", registry) as (client, _):
        until_ready(client)
        row = client.get("/openapi.json").json()["components"]["schemas"]["Row"]["examples"][0]
        answer = client.post("/predict", json=row).json()["answers"][0]
        assert (answer["version"], answer["stage"], answer["fallback"]) == ("1", "shadow", False)
        assert client.post("/outcomes", json=[{"id": answer["id"], "truth": True}]).json() == {"taken": 1}

        assert handoff("promote", "flights", "--to", "advise", "--approver", "Ravi").returncode == 0
        assert seconds_until(client, row, "2") < 30

        wrong = {name: value for name, value in row.items() if name != "carrier"}
        refused = [client.post("/predict", json=wrong).status_code for _ in range(30)]
        assert refused == [422] * 30
        time.sleep(1)  # the record is at most half a second behind
        checked = handoff("monitor", "flights", "--format", "json")
        assert checked.returncode == 1, checked.stderr
        (alert,) = json.loads(checked.stdout)["alerts"]
        assert (alert["cause"], alert["owner"]) == ("schema", "Ada Lovelace")
        assert "carrier: missing" in alert["what"]

        assert handoff("rollback", "flights", "--by", "Ravi").returncode == 0
        assert seconds_until(client, row, "1") < 5
    shown = json.loads(handoff("status", "--format", "json").stdout)["live"]["models"][0]
    assert (shown["version"], shown["state"]) == ("1", "alert")
    assert shown["last_decision"]["action"] == "rollback"


def seconds_until(client: httpx.Client, row: dict[str, Any], version: str) -> float:
    """Until it answers; nobody is left without an answer meanwhile."""
    begun = time.monotonic()
    while time.monotonic() - begun < 60:
        answer = client.post("/predict", json=row).json()["answers"][0]
        assert not answer["fallback"]
        if answer["version"] == version:
            return time.monotonic() - begun
        time.sleep(0.05)
    raise AssertionError(f"version {version} never answered")
