"""A real Jupyter Server with the extension. The fixtures are loaded for this folder alone: some act on every test."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from pytest_jupyter.jupyter_server import *  # noqa: F403
from tornado.httpclient import HTTPClientError
from traitlets.config import Config

FAKE = Path(__file__).parent / "fake_ship.py"


def fake_argv(request, notebook):
    """A tiny command that speaks as ``handoff ship`` does; the model's name says how it behaves."""
    return [sys.executable, str(FAKE), request.name or "done", notebook.name]


@pytest.fixture
def jp_server_config(tmp_path):
    return Config(
        {
            "ServerApp": {"jpserver_extensions": {"handoff_ext.server": True, "jupyter_server_terminals": False}},
            "HandoffApp": {"job_argv": fake_argv, "kill_seconds": 0.5},
        }
    )


@pytest.fixture
def services(jp_serverapp):
    return jp_serverapp.web_app.settings["handoff_ext_services"]


@pytest.fixture
def ask(jp_fetch):
    """Ask a route: the status and the JSON that came back."""

    async def asking(method, route, body=None, **params):
        data = body if isinstance(body, str) or body is None else json.dumps(body)
        try:
            response = await jp_fetch("handoff", *route.split("/"), method=method, body=data, params=params)
        except HTTPClientError as error:
            return error.code, json.loads(error.response.body)
        return response.code, json.loads(response.body)

    return asking


@pytest.fixture(autouse=True)
def no_store_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """MLflow writes the store that a process used last into this variable."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
