"""The owner's yes. Without it a version only watches, whatever it was measured to be."""

from __future__ import annotations

import datetime
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from handoff_ext.contracts.errors import GateFailed, HandoffError
from handoff_ext.contracts.plan import Owner
from handoff_ext.publish.identity import Identity, identity, is_owner

ACCEPTED_BY, ACCEPTED_ON = "handoff.accepted_by", "handoff.accepted_on"
ACCEPTED_LOGIN = "handoff.accepted_login"
"""Who was signed in where the yes was given, as that place knows it; the name alone is only what was typed."""
ACCEPTED_AS = "handoff.accepted_as"
"""In words: who was signed in where, or that the name was only said."""
ONLY_SAID = "said to be; nobody was signed in"


def accept(target: str, by: str = "", tracking_uri: str = "", login: str = "") -> Owner:
    """Write down that the named owner answers for a model: in the plan of a notebook, or at a published version.

    What it proves: that somebody who could write there gave the owner's name and, where a sign-in is known
    (JupyterLab's, else the registry's), that the owner was the one signed in. Which of both stands at the version,
    among the decisions, in the plan and on the card.

    Args:
        target: a notebook (its plan is written), or ``models:/NAME/VERSION`` (the version is tagged).
        by: who says yes; the name git knows where empty.
        tracking_uri: the store of a published version.
        login: who is signed in to JupyterLab, where that is known; else the environment is asked.

    Raises:
        GateFailed: no owner is named, it is somebody else, or somebody else is signed in; or the version is a draft or
            untested.
        HandoffError: the plan or the version cannot be read.
    """
    by = by or _git_name(Path() if target.startswith("models:/") else Path(target).parent)
    if target.startswith("models:/"):
        return _version(target, by, tracking_uri, login)
    return _plan(Path(target), by, identity(login, tracking_uri or os.environ.get("MLFLOW_TRACKING_URI", "")))


def accepted_tags(owner: Owner) -> dict[str, str]:
    """The tags that a version published under an accepted plan bears; none where nobody accepted."""
    if not owner.accepted:
        return {}
    as_whom = owner.accepted_as or ONLY_SAID
    return {ACCEPTED_BY: owner.accepted_by, ACCEPTED_ON: str(owner.accepted_on), ACCEPTED_AS: as_whom}


def why_only_watching(tags: Mapping[str, str]) -> str:
    """What keeps a version from advising or deciding, in a sentence; empty where nothing does.

    Args:
        tags: the version's tags in the registry.
    """
    if tags.get("handoff.draft") == "true":
        return "It is a draft: publish it with all answers first."
    if tags.get("handoff.rehearsed") != "true":
        return "It is untested: it has not passed the clean-machine test."
    owner, by = tags.get("handoff.owner", ""), tags.get(ACCEPTED_BY, "")
    if not owner:
        return "Nobody answers for it: the plan names no owner."
    if by != owner:
        return f"{owner} has not accepted it yet: handoff accept."
    return ""


def waits_for_owner(tags: Mapping[str, str]) -> bool:
    """Whether the owner's yes is all that keeps a version from advising.

    Args:
        tags: the version's tags in the registry.
    """
    said_yes = {**tags, ACCEPTED_BY: tags.get("handoff.owner", "")}
    return bool(why_only_watching(tags)) and not why_only_watching(said_yes)


def _plan(notebook: Path, by: str, signed_in: Identity | None) -> Owner:
    from handoff_ext.contracts.errors import NotFound
    from handoff_ext.plan import plan_path, plan_text, read_plan
    from handoff_ext.run.folder import write_text

    if not notebook.is_file():
        raise NotFound(f"There is no notebook {notebook}.", "Name a notebook, or models:/NAME/VERSION.")
    plan = read_plan(notebook)
    plan.owner = _said_yes(plan.owner, by, signed_in)
    file = notebook if notebook.suffix in {".yaml", ".yml"} else plan_path(notebook)
    old = file.read_text(encoding="utf-8") if file.is_file() else ""
    write_text(file, plan_text(plan, old))
    return plan.owner


def _version(model_uri: str, by: str, tracking_uri: str, login: str) -> Owner:
    from handoff_ext.ledger.place import ledger_of
    from handoff_ext.ledger.store import Store
    from handoff_ext.publish.registry import Registry, default_store

    store = tracking_uri or default_store(Path("here"))
    registry = Registry(store)
    name, number, tags = registry.named(model_uri)
    signed_in = identity(login, store)
    named = Owner(name=tags.get("handoff.owner", ""), contact=tags.get("handoff.contact", ""))
    owner = _said_yes(named, by, signed_in)
    reason = why_only_watching({**tags, **accepted_tags(owner)})
    if reason:
        raise GateFailed(f"{model_uri} cannot be accepted. {reason}")
    # The decision first: a version never bears a yes that is on no record.
    Store(ledger_of(store).database).accept(name, number, owner.name, owner.accepted_as or ONLY_SAID)
    signed = {ACCEPTED_LOGIN: signed_in.login if signed_in else ""}
    registry.tag_version(model_uri, {**accepted_tags(owner), **signed})
    return owner


def _said_yes(owner: Owner, by: str, signed_in: Identity | None) -> Owner:
    if not owner.name:
        raise GateFailed("Nobody is named who answers for this model.", "Name the owner in the plan first.")
    if not by:
        raise HandoffError("Who accepts is not known.", 'Say who you are with --as "NAME".')
    if " ".join(by.split()).casefold() != " ".join(owner.name.split()).casefold():
        raise GateFailed(f"{owner.name} has to accept this model, not {by}.", "Or name another owner in the plan.")
    if signed_in and not is_owner(signed_in, owner):
        raise GateFailed(
            f"{owner.name} has to accept this model, and {signed_in.login} is signed in to {signed_in.place}.",
            "Let the owner sign in. Where that is the owner's login, write it beside the contact in the plan.",
        )
    today = datetime.datetime.now().astimezone().date()
    return owner.model_copy(
        update={"accepted_by": owner.name, "accepted_on": today, "accepted_as": str(signed_in or "")}
    )


def _git_name(folder: Path) -> str:
    try:
        said = subprocess.run(
            ["git", "config", "--get", "user.name"], cwd=folder, capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.stdout.strip()
