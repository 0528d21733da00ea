"""All models in production of one store: how each stands. Read without MLflow, for the command line and the sidebar."""

from __future__ import annotations

from handoff_ext.contracts.sidebar import Live
from handoff_ext.contracts.watching import Decision, LiveCandidate, LiveModel
from handoff_ext.ledger.store import Store, now
from handoff_ext.publish.acceptance import waits_for_owner
from handoff_ext.publish.registry import shown
from handoff_ext.retrain.stages import gate_shut, may_become, stage_of, why_not
from handoff_ext.serve.standing import Standing, names, standing


def live(tracking_uri: str, store: Store, name: str = "") -> Live:
    """The models of a store, those with alerts first.

    Raises:
        HandoffError: the registry or the database does not answer.
    """
    found = [_model(standing(each, tracking_uri), store) for each in names(tracking_uri) if not name or each == name]
    order = {"alert": 0, "not checked": 1, "quiet": 2}
    models = sorted((each for each in found if each), key=lambda each: (order[each.state], each.name))
    return Live(tracking_uri=shown(tracking_uri), as_of=now(), models=models)


def _model(stands: Standing, store: Store) -> LiveModel | None:
    known = stands.versions.get(stands.in_charge)
    if known is None:
        return None
    stage, tags = stage_of(known.tags), known.tags
    alerts = store.alerts(stands.name)
    current = [alert for alert in alerts if not alert.closed]
    last = store.last_check(stands.name, known.number)  # what was found of another version says nothing of this one
    content = last["content"] if last else {}
    decisions: list[Decision] = store.decisions(stands.name)
    candidate = next(iter(stands.challengers), "")
    waiting = stands.versions.get(candidate)
    up_for = waiting or known
    return LiveModel(
        name=stands.name,
        version=known.number,
        stage=stage,
        uri=f"models:/{stands.name}/{known.number}",
        owner=tags.get("handoff.owner", ""),
        contact=tags.get("handoff.contact", ""),
        state="alert" if current else "quiet" if last else "not checked",
        last_check=last["at"] if last else "",
        predictions=content.get("rows", 0),
        points=content.get("points", []),
        points_of=content.get("points_of", ""),
        alerts=current,
        last_alert=next(iter(alerts), None),
        candidate=LiveCandidate(
            version=candidate,
            tested=waiting.tags.get("handoff.rehearsed") == "true",
            draft=waiting.tags.get("handoff.draft") == "true",
            verdict=content.get("challengers", {}).get(candidate, ""),
        )
        if waiting
        else None,
        previous=stands.aliases.get("previous", ""),
        may_become=may_become(up_for.tags, stage if waiting else "shadow"),
        why_not=why_not(up_for.tags),
        to_accept=up_for.number if waits_for_owner(up_for.tags) and not gate_shut(up_for.tags) else "",
        last_decision=next(iter(decisions), None),
    )
