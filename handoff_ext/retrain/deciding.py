"""Changes who is in charge. Every change, and every refused one, is on record: who, when, on which figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.errors import GateFailed, HandoffError, NotFound
from handoff_ext.contracts.watching import Decision, StageOfTrust
from handoff_ext.ledger.store import Store
from handoff_ext.retrain.stages import approves, may_become, stage_of, why_not
from handoff_ext.serve.standing import Standing, standing

if TYPE_CHECKING:
    from handoff_ext.publish.registry import Registry


def promote(
    name: str, to: StageOfTrust, approver: str, tracking_uri: str, store: Store, version: str = "", reason: str = ""
) -> Decision:
    """Let a version advise or decide, and put it in charge.

    Args:
        name: the model's name.
        to: its new stage.
        approver: who says yes; the person the plan names, where it names one.
        tracking_uri: the registry.
        store: where decisions are on record.
        version: its number; the candidate's where empty, else that of the version in charge.
        reason: in the approver's words.

    Raises:
        GateFailed: it is a draft, untested, not accepted by its owner, too early for that stage, or another approves.
        NotFound: there is no such version.
        HandoffError: nobody is named, or registry or database do not answer.
    """
    stands = standing(name, tracking_uri)
    number = version or stands.aliases.get("candidate", "") or stands.in_charge
    known = stands.versions.get(number)
    if known is None:
        raise NotFound(f"There is no {name}, version {number or '?'}.", "See handoff status.")
    if not approver.strip():
        raise HandoffError("Who approves is not said.", "Name a person with --approver.")
    figures = _figures(store, stands, number)
    in_charge = stands.aliases.get("champion", "")
    replaces = "shadow" if number == in_charge else _stage(stands, in_charge)
    refused = _why_not(name, number, known.tags, to, approver, replaces, tracking_uri)
    common: dict[str, Any] = {"model": name, "version": number, "stage": to, "by": approver.strip()}
    if refused:
        store.decide(Decision(action="refuse", reason=refused, figures=figures, **common))
        raise GateFailed(f"{name}, version {number}, stays as it is: {refused}", "See handoff status.")
    decision = store.decide(
        Decision(action="promote", reason=reason, figures={**figures, "instead of": in_charge}, **common)
    )
    registry = _registry(tracking_uri)
    registry.tag_version(f"models:/{name}/{number}", {"handoff.stage": to})
    if in_charge != number:
        if in_charge:
            registry.set_alias(name, "previous", in_charge)
        registry.set_alias(name, "champion", number)
    for alias in ("candidate", "challenger"):
        if stands.aliases.get(alias) == number:
            registry.delete_alias(name, alias)
    return decision


def rollback(name: str, by: str, tracking_uri: str, store: Store, reason: str = "") -> Decision:
    """Put the version before back in charge, with the stage it had.

    Raises:
        GateFailed: there is none.
        HandoffError: nobody is named, or registry or database do not answer.
    """
    if not by.strip():
        raise HandoffError("Who rolls back is not said.", "Name a person with --by.")
    stands = standing(name, tracking_uri)
    now, before = stands.aliases.get("champion", ""), stands.aliases.get("previous", "")
    if before not in stands.versions:
        raise GateFailed(f"{name} has no version before the one in charge.", "See handoff status.")
    decision = store.decide(
        Decision(
            model=name,
            version=before,
            action="rollback",
            stage=_stage(stands, before),
            by=by.strip(),
            reason=reason,
            figures={**_figures(store, stands, now), "instead of": now},
        )
    )
    registry = _registry(tracking_uri)
    registry.set_alias(name, "champion", before)
    earlier = _before(store, name, before)
    if earlier in stands.versions and earlier not in {before, now}:
        registry.set_alias(name, "previous", earlier)
    else:
        registry.delete_alias(name, "previous")
    return decision


def _why_not(
    name: str,
    number: str,
    tags: Mapping[str, str],
    to: StageOfTrust,
    approver: str,
    replaces: StageOfTrust,
    tracking_uri: str,
) -> str:
    """Why it may not be promoted, in a sentence; empty where it may."""
    if reason := why_not(tags):
        return reason
    if to not in may_become(tags, replaces):
        own = stage_of(tags)
        return f"it is at {own} already." if own == to else f"it is at {own}; advise comes before {to}."
    from handoff_ext.serve.registry import fetch

    named = fetch(f"models:/{name}/{number}", tracking_uri).plan.retraining.approver
    return "" if approves(named, approver) else f"{named.split(',')[0]} approves this model, not {approver.strip()}."


def _figures(store: Store, stands: Standing, number: str) -> dict[str, Any]:
    """What was known when it was decided: the version's own metrics, the last check, open alerts."""
    known = stands.versions.get(number)
    tags = known.tags if known else {}
    last = store.last_check(stands.name) or {}
    content = last.get("content", {})
    return {
        "published": {key.removeprefix("handoff.metric."): value for key, value in tags.items() if ".metric." in key},
        "accepted": f"{tags.get('handoff.accepted_by', '')} {tags.get('handoff.accepted_on', '')}".strip(),
        "tested": tags.get("handoff.rehearsal", ""),
        "last check": last.get("at", ""),
        "last check of version": last.get("version", ""),
        "metrics": content.get("figures", {}).get("metrics", {}),
        "beside": content.get("challengers", {}).get(number, ""),
        "alerts": [alert.what for alert in store.alerts(stands.name, only_open=True)],
    }


def _stage(stands: Standing, number: str) -> StageOfTrust:
    known = stands.versions.get(number)
    return stage_of(known.tags) if known else "shadow"


def _before(store: Store, name: str, number: str) -> str:
    """The version that was in charge when this one was put there."""
    for decision in store.decisions(name):
        if decision.action == "promote" and decision.version == number:
            before = str(decision.figures.get("instead of", ""))
            if before and before != number:
                return before
    return ""


def _registry(tracking_uri: str) -> Registry:
    from handoff_ext.publish.registry import Registry

    return Registry(tracking_uri)
