"""Trains a published model again on new data, and lets the result only watch until it is proven better."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.errors import GateFailed, HandoffError
from handoff_ext.contracts.progress import Progress, ProgressSink, silent
from handoff_ext.contracts.watching import Decision
from handoff_ext.ledger.store import Store
from handoff_ext.publish.acceptance import ACCEPTED_BY, ACCEPTED_ON
from handoff_ext.retrain.comparing import compared
from handoff_ext.retrain.deciding import promote
from handoff_ext.retrain.incoming import new_data
from handoff_ext.retrain.judging import Judgement, Rule
from handoff_ext.retrain.stages import GATE, stage_of
from handoff_ext.retrain.triggering import TRAINED
from handoff_ext.serve.registry import fetch
from handoff_ext.serve.standing import standing

if TYPE_CHECKING:
    from handoff_ext.publish import Version
    from handoff_ext.serve.version import ServedVersion

OWNER = "handoff.owner"


@dataclass(frozen=True, kw_only=True)
class Retrained:
    """What came of it. ``promoted`` only where the plan says automatic and the gate opened."""

    name: str
    version: str
    instead_of: str
    gate: str
    promoted: bool
    figures: Mapping[str, Any]


def retrain(
    name: str,
    data: Mapping[str, str],
    tracking_uri: str,
    store: Store,
    work: Path,
    by: str,
    parameters: Mapping[str, str] | None = None,
    kernel: str = "",
    progress: ProgressSink = silent,
) -> Retrained:
    """Run the published pipeline of the version in charge with new data, publish what comes of it as a candidate that
    only watches, and open its gate only where it is better by the plan's rule and worse for no group.

    Args:
        name: the model's name.
        data: input parameter to file; ``""`` for the only one.
        tracking_uri: the registry.
        store: where decisions are on record.
        work: an empty folder for the pipeline and its runs.
        by: who asked for it (a person, or a trigger).
        parameters: other parameters of the pipeline.
        kernel: the kernel to run on instead of the pipeline's own.
        progress: told how far it is.

    Raises:
        GateFailed: the new data is not as declared, or the steps or the clean-machine test fail; the version in charge
            stays.
        HandoffError: no such model, or something cannot be read or reached.
    """
    stands = standing(name, tracking_uri)
    if not stands.in_charge:
        raise HandoffError(f"The registry has no model {name}.", "See handoff status.")
    champion = fetch(f"models:/{name}/{stands.in_charge}", tracking_uri)
    folder = unpack(champion, work)
    try:
        values = new_data(folder, data)
        version, folder = _published(folder, name, {**(parameters or {}), **values}, tracking_uri, kernel, progress)
        challenger = fetch(version.uri, tracking_uri)
        progress(Progress(step="parity", status="running", part="comparing versions"))
        judgement = _judged(champion, challenger, folder)
    except HandoffError as error:
        reason = f"{error.message} {error.hint}".strip()
        store.decide(
            Decision(model=name, version=stands.in_charge, action="refuse", by=by, reason=f"{TRAINED}: {reason}")
        )
        raise
    gate = "open" if judgement.opens else "; ".join(judgement.reasons)
    _tag(tracking_uri, version.uri, {GATE: gate[:4000]})
    number = str(version.version)
    store.decide(
        Decision(
            model=name,
            version=number,
            action="register",
            stage="shadow",
            by=by,
            reason="" if judgement.opens else f"Gate shut: {gate}.",
            figures=judgement.figures(),
        )
    )
    promoted = judgement.opens and promoted_by_itself(name, number, champion, tracking_uri, store, judgement.gain)
    return Retrained(
        name=name,
        version=number,
        instead_of=stands.in_charge,
        gate=gate,
        promoted=promoted,
        figures=judgement.figures(),
    )


def unpack(version: ServedVersion, work: Path) -> Path:
    """Lay a version's pipeline, notebook and plan out as they were when it was published; the pipeline's folder.

    Raises:
        HandoffError: the version holds no pipeline.
    """
    from handoff_ext.contracts.names import pipeline_folder, plan_path
    from handoff_ext.run.manifest import read_pipeline

    inside = version.folder / "pipeline"
    if not (inside / "pipeline.yaml").is_file():
        raise HandoffError("This version holds no pipeline, so it cannot be trained again.", "Publish it again.")
    notebook = work / Path(read_pipeline(inside).source.notebook).name
    folder = pipeline_folder(notebook)
    shutil.copytree(inside, folder)
    for what, target in ((version.folder / "notebook.ipynb", notebook), (_plan_file(version), plan_path(notebook))):
        if what is not None and what.is_file():
            shutil.copyfile(what, target)
    return folder


def _plan_file(version: ServedVersion) -> Path | None:
    return next((version.folder / "artifacts").rglob("plan.yaml"), None)


def _published(
    folder: Path, name: str, values: Mapping[str, Any], tracking_uri: str, kernel: str, progress: ProgressSink
) -> tuple[Version, Path]:
    from handoff_ext.publish import log, parity, register
    from handoff_ext.rehearse import rehearse
    from handoff_ext.run import run_pipeline

    run_pipeline(folder, parameters=values, progress=progress, kernel=kernel or None)
    paired = parity(folder, progress)
    if not paired.equal:
        raise GateFailed(f"It answers otherwise than in training: {paired.reason}", "The version in charge stays.")
    logged = log(folder, name, tracking_uri, progress=progress)
    rehearsal = rehearse(logged.uri, logged.tracking_uri, progress)
    if not rehearsal.predicts.passed:
        raise GateFailed(
            f"It failed the clean-machine test: {rehearsal.predicts.reason}", "The version in charge stays."
        )
    return register(logged, rehearsal, progress), folder


def _judged(champion: ServedVersion, challenger: ServedVersion, folder: Path) -> Judgement:
    """Both on the hold-out of the new data, as the run recorded it."""
    from handoff_ext.publish.folder import open_folder, read_json

    given = read_json(open_folder(folder).packed / "rows.json")
    truth = given.get("truth")
    if not truth:
        raise GateFailed("The run recorded no true answers to compare by.", "The version in charge stays.")
    names = list(given["columns"])
    rows = [dict(zip(names, row, strict=True)) for row in given["rows"]]
    said = champion.plan.retraining
    return compared(champion, challenger, rows, truth, Rule(better=said.better_by, worse=said.worse_group))


def promoted_by_itself(
    name: str, number: str, champion: ServedVersion, tracking_uri: str, store: Store, gain: float
) -> bool:
    """Put a version whose gate is open in charge where the plan of the one in charge says that nobody need be asked.

    The owner's yes to that one, whose plan says so, counts for this one too. Where the plan says so and it cannot be
    done, the record says why.
    """
    said = champion.plan.retraining
    if not said.automatic:
        return False
    known = standing(name, tracking_uri).versions
    before, tags = known[champion.version].tags, known[number].tags
    stage, approver = stage_of(before), said.approver.split(",")[0].strip()
    refused = ""
    if not approver:
        refused = "The plan says automatic, and names nobody who approves."
    elif stage == "shadow":
        refused = f"The plan says automatic, but version {champion.version}, in charge, only watches itself."
    if refused:
        store.decide(Decision(model=name, version=number, action="refuse", stage=stage, by=approver, reason=refused))
        return False
    if not tags.get(ACCEPTED_BY) and before.get(ACCEPTED_BY) and before.get(OWNER) == tags.get(OWNER):
        _tag(tracking_uri, f"models:/{name}/{number}", {key: before.get(key, "") for key in (ACCEPTED_BY, ACCEPTED_ON)})
    reason = f"automatic, as the plan of version {champion.version} says; gain {100 * gain:.1f} of 100"
    try:
        promote(name, stage, approver, tracking_uri, store, number, reason)
    except GateFailed:  # on record
        return False
    return True


def _tag(tracking_uri: str, uri: str, tags: Mapping[str, str]) -> None:
    from handoff_ext.publish.registry import Registry

    Registry(tracking_uri).tag_version(uri, tags)
