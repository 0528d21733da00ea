"""The owner's yes, from the sidebar's request to the registry's tag and the record of decisions."""

from __future__ import annotations

import subprocess
import sys

import pytest
from jupyter_server.auth.identity import IdentityProvider, User

from handoff_ext.ledger.place import ledger_of
from handoff_ext.ledger.store import Store
from handoff_ext.serve.standing import standing

# SQLAlchemy deprecates what MLflow's tables are made with.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
VERSION = """
import sys
from handoff_ext.publish.registry import Registry
client = Registry(sys.argv[1])._client
client.create_registered_model("flights", tags={"handoff": "1"})
tags = {"handoff.stage": "shadow", "handoff.draft": "false", "handoff.rehearsed": "true"}
client.create_model_version("flights", "/nowhere", tags={**tags, "handoff.owner": "Maya Okafor"})
client.set_registered_model_alias("flights", "candidate", "1")
"""


class Hub(IdentityProvider):
    """A server whose sign-in tells users apart, as JupyterHub's does."""

    def generate_anonymous_user(self, handler):
        return User("m.okafor", "Maya O.")


@pytest.fixture(params=[pytest.param("shared token", marks=pytest.mark.slow), "own sign-in"])
def login(request, jp_server_config):
    if request.param == "shared token":
        return ""
    jp_server_config.ServerApp.identity_provider_class = Hub
    return "m.okafor"


@pytest.fixture
def store(jp_root_dir):
    uri = f"sqlite:///{jp_root_dir / 'mlflow.db'}"
    subprocess.run([sys.executable, "-W", "ignore", "-c", VERSION, uri], check=True, capture_output=True)
    return uri


async def test_yes_goes_from_the_route_to_the_tag_and_the_record(login, store, ask, jp_root_dir):
    _, before = await ask("GET", "live", path="a.ipynb")
    (model,) = before["models"]
    assert model["to_accept"] == "1" and "has not accepted" in model["why_not"]
    request = {"action": "accept", "path": "a.ipynb", "name": "flights", "version": model["to_accept"]}
    status, failure = await ask("POST", "live", {**request, "by": "Otto Berg"})
    assert status == 409 and "Maya Okafor has to accept" in failure["message"]
    decisions = Store(ledger_of(store).database)
    assert "handoff.accepted_by" not in standing("flights", store).versions["1"].tags
    assert decisions.acceptance("flights", "1") is None
    status, answer = await ask("POST", "live", {**request, "by": "Maya Okafor"})
    assert (status, answer["said"]) == (200, "Maya Okafor answers for flights, version 1.")
    (model,) = answer["live"]["models"]
    assert (model["to_accept"], model["why_not"], model["may_become"]) == ("", "", ["advise"])
    tags = standing("flights", store).versions["1"].tags
    assert (tags["handoff.accepted_by"], tags.get("handoff.accepted_login", "")) == ("Maya Okafor", login)
    decision = decisions.acceptance("flights", "1")
    assert decision is not None
    assert (decision.by, decision.reason) == ("Maya Okafor", tags["handoff.accepted_as"])
    known = "signed in to JupyterLab as m.okafor"
    assert decision.reason == (known if login else "said to be; nobody was signed in")
