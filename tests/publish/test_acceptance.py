"""Nobody but the named owner accepts a model, and acceptance ends where the owner changes."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from handoff_ext.contracts.errors import GateFailed, HandoffError
from handoff_ext.plan import read_plan
from handoff_ext.publish.acceptance import ONLY_SAID, accept, accepted_tags, waits_for_owner, why_only_watching
from handoff_ext.publish.identity import identity

PLAN = "# Ours.\nowner:\n  name: Maya Okafor\n  contact: maya@example.org\n"


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    path = tmp_path / "flights.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)
    path.with_name("flights.handoff.yaml").write_text(PLAN)
    return path


def test_owner_accepts_in_the_plan_and_the_comments_stay(notebook: Path) -> None:
    assert accept(str(notebook), "maya  okafor").accepted
    text = notebook.with_name("flights.handoff.yaml").read_text()
    assert text.startswith("# Ours.\n")
    owner = read_plan(notebook).owner
    assert owner.accepted
    assert set(accepted_tags(owner).values()) == {"Maya Okafor", str(owner.accepted_on), ONLY_SAID}


def test_acceptance_ends_with_the_owner(notebook: Path) -> None:
    accept(str(notebook), "Maya Okafor")
    file = notebook.with_name("flights.handoff.yaml")
    file.write_text(file.read_text().replace("name: Maya Okafor", "name: Otto Berg"))
    assert not read_plan(notebook).owner.accepted
    assert accepted_tags(read_plan(notebook).owner) == {}


def test_nobody_else_can_accept(notebook: Path) -> None:
    with pytest.raises(GateFailed, match="Maya Okafor has to accept this model, not Otto Berg"):
        accept(str(notebook), "Otto Berg")
    notebook.with_name("flights.handoff.yaml").write_text("")
    with pytest.raises(GateFailed, match="Nobody is named"):
        accept(str(notebook), "Otto Berg")
    with pytest.raises(HandoffError, match="no notebook"):
        accept(str(notebook.with_name("other.ipynb")), "Otto Berg")


@pytest.mark.parametrize(
    "login",
    ["m.okafor", "maya.okafor", "Okafor-Maya", "maya", "maya@example.org", "MOKAFOR", "duty7"],
)
def test_owner_who_is_signed_in_is_known_by_name_or_contact(notebook: Path, login: str) -> None:
    file = notebook.with_name("flights.handoff.yaml")
    file.write_text(file.read_text().replace("contact: maya@example.org", "contact: maya@example.org, duty7"))
    assert accept(str(notebook), "Maya Okafor", login=login).accepted_as == f"signed in to JupyterLab as {login}"
    assert accepted_tags(read_plan(notebook).owner)["handoff.accepted_as"].endswith(login)


@pytest.mark.parametrize("login", ["otto.berg", "okafor", "maya@elsewhere.org", "m.okafor@elsewhere.org", "service"])
def test_whoever_else_is_signed_in_cannot_accept_in_the_owners_name(notebook: Path, login: str) -> None:
    before = notebook.with_name("flights.handoff.yaml").read_text()
    with pytest.raises(GateFailed, match=f"Maya Okafor has to accept this model, and {login} is signed in"):
        accept(str(notebook), "Maya Okafor", login=login)
    assert notebook.with_name("flights.handoff.yaml").read_text() == before


def test_who_is_signed_in_is_asked_of_jupyterhub_then_of_the_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "maya")
    assert str(identity("", "https://mlflow.example")) == "signed in to the registry as maya"
    assert str(identity("", "https://otto:x@mlflow.example")) == "signed in to the registry as otto"
    assert identity("", "sqlite:///mlflow.db") is None, "a file asks nobody who they are"
    monkeypatch.setenv("JUPYTERHUB_USER", "m.okafor")
    assert str(identity("", "https://mlflow.example")) == "signed in to JupyterLab as m.okafor"
    assert str(identity("lab", "https://mlflow.example")) == "signed in to JupyterLab as lab"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, ""),
        ({"handoff.draft": "true"}, "draft"),
        ({"handoff.rehearsed": "false"}, "untested"),
        ({"handoff.owner": ""}, "Nobody answers"),
        ({"handoff.accepted_by": "Otto Berg"}, "has not accepted"),
    ],
)
def test_what_keeps_a_version_from_more_than_watching(changed: dict[str, str], reason: str) -> None:
    tags = {
        "handoff.draft": "false",
        "handoff.rehearsed": "true",
        "handoff.owner": "Maya Okafor",
        "handoff.accepted_by": "Maya Okafor",
    }
    said = why_only_watching(tags | changed)
    assert (reason in said) if reason else not said
    assert waits_for_owner(tags | changed) == (reason == "has not accepted")
