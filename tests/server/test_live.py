"""The Live section's requests as commands; what is missing is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from handoff_ext.contracts.errors import GateFailed, HandoffError
from handoff_ext.contracts.sidebar import LiveRequest
from handoff_ext.server.live import command

REPORT = Path("/somewhere/report.html")


def asked(**given):  # type: ignore[no-untyped-def]
    return LiveRequest(**{"path": "a.ipynb", "name": "flights", **given})


@pytest.mark.parametrize(
    ("given", "argv"),
    [
        ({"action": "check"}, ["monitor", "flights", "--format=json"]),
        ({"action": "report"}, ["monitor", "flights", "--format=json", f"--report={REPORT}"]),
        (
            {"action": "promote", "to": "advise", "by": "Ada", "version": "2"},
            ["promote", "flights", "--to=advise", "--approver=Ada", "--version=2", "--format=json"],
        ),
        ({"action": "roll back", "by": "--Ada"}, ["rollback", "flights", "--by=--Ada", "--format=json"]),
        (
            {"action": "acknowledge", "by": "Ada", "alert": 3},
            ["status", "--acknowledge=3", "--by=Ada", "--format=json"],
        ),
        (
            {"action": "accept", "by": "Ada", "version": "2"},
            ["accept", "models:/flights/2", "--as=Ada", "--format=json"],
        ),
    ],
)
def test_each_action_is_its_command(given, argv) -> None:  # type: ignore[no-untyped-def]
    assert command(asked(**given), REPORT)[4:] == argv


@pytest.mark.parametrize(
    "given",
    [
        {"action": "promote", "to": "advise"},
        {"action": "promote", "by": "Ada"},
        {"action": "roll back", "by": " "},
        {"action": "acknowledge", "by": "Ada"},
        {"action": "accept", "version": "2"},
        {"action": "accept", "by": "Ada", "version": "2/../3"},
        {"action": "check", "name": "--help"},
        {"action": "check", "name": ""},
    ],
)
def test_what_is_missing_is_said(given) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(HandoffError):
        command(asked(**given), REPORT)


def test_training_again_says_what_it_needs() -> None:
    with pytest.raises(GateFailed, match="needs new data"):
        command(asked(action="retrain"), REPORT)


async def test_where_nothing_is_published_nothing_is_live(ask) -> None:  # type: ignore[no-untyped-def]
    status, answer = await ask("GET", "live", path="a.ipynb")
    assert (status, answer["models"]) == (200, [])


async def test_paths_and_actions_are_confined(ask) -> None:  # type: ignore[no-untyped-def]
    assert (await ask("GET", "live", path="../a.ipynb"))[0] == 404
    status, failure = await ask("POST", "live", {"action": "roll back", "path": "a.ipynb", "name": "m", "by": "Ada"})
    assert status in {409, 422} and failure["message"]
