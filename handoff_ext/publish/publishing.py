"""The way of a version into the registry: gathered, looked through, logged, rehearsed, registered."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from handoff_ext.contracts.errors import GateFailed, HandoffError
from handoff_ext.contracts.evidence import ParityRecord, RehearsalRecord
from handoff_ext.contracts.progress import Progress, ProgressSink, silent
from handoff_ext.publish.acceptance import accepted_tags
from handoff_ext.publish.card import CardFacts, InCharge
from handoff_ext.publish.folder import PipelineFolder, open_folder
from handoff_ext.publish.locking import Locks, lock
from handoff_ext.publish.lockscan import refuse_unhashed
from handoff_ext.publish.packing import Packed, pack
from handoff_ext.publish.parity import parity
from handoff_ext.publish.refusal import refuse_secrets
from handoff_ext.publish.registry import Registry, default_store, shown
from handoff_ext.publish.versionfolder import gather

Rehearse = Callable[[str, str, ProgressSink], RehearsalRecord]
_DESCRIPTION = 90_000
"""Characters: MLflow's stores take 100,000."""


@dataclass(frozen=True, kw_only=True)
class Logged:
    """A model that is in the store but not yet a version. ``uri`` is ``models:/m-...``."""

    name: str
    uri: str
    model_id: str
    tracking_uri: str
    folder: Path
    key: str
    draft: bool
    tags: Mapping[str, str] = field(default_factory=dict)
    card: str = ""


@dataclass(frozen=True, kw_only=True)
class Version:
    """A registered version. ``uri`` is ``models:/name/1``; ``rehearsed`` only where the rehearsal passed."""

    name: str
    version: int
    uri: str
    tracking_uri: str
    model_uri: str
    draft: bool
    rehearsed: bool


def publish(
    folder: Path,
    name: str,
    tracking_uri: str = "",
    draft: bool = False,
    progress: ProgressSink = silent,
    rehearse: Rehearse | None = None,
) -> Version:
    """Publish a pipeline that was run: log its model, rehearse it, register the version.

    A second press with nothing changed gives the version that is there.

    Args:
        folder: the pipeline's folder.
        name: the registered model's name.
        tracking_uri: MLflow's store; ``MLFLOW_TRACKING_URI``, else ``mlflow.db`` beside the notebook.
        draft: publish although required answers of the plan are missing; marked so.
        progress: told how far it is.
        rehearse: tries the logged model on a clean machine (``handoff_ext.rehearse.rehearse``); without it the version
            stays without the ``rehearsed`` mark.

    Raises:
        GateFailed: answers are missing, or something holds a secret; the sentence names it.
        HandoffError: there is no run, or the store does not answer.
    """
    logged = log(folder, name, tracking_uri, draft, progress)
    record = rehearse(logged.uri, logged.tracking_uri, progress) if rehearse else None
    return register(logged, record, progress)


def log(
    folder: Path, name: str, tracking_uri: str = "", draft: bool = False, progress: ProgressSink = silent
) -> Logged:
    """Gather everything a version holds and log it as a model, without making a version of it.

    Raises:
        GateFailed, HandoffError: as ``publish``.
    """
    if not name or any(sign in name for sign in "/:@'\"\n"):
        raise HandoffError("The model's name is empty or has one of / : @ ' in it.", "Give another with --name.")
    pipeline = open_folder(folder)
    _answered(pipeline, draft)
    packed = pack(folder)
    locks = lock(folder, progress)
    paired = parity(folder, progress)
    store = tracking_uri or default_store(pipeline.folder)
    progress(Progress(step="publish", status="running", part="card"))
    registry = Registry(store)
    with tempfile.TemporaryDirectory(prefix="handoff-") as aside:
        parts, saved = Path(aside, "parts"), Path(aside, "saved")
        parts.mkdir()
        contents, facts = gather(pipeline, packed, locks, paired, name, draft, _in_charge(registry, name), parts)
        progress(Progress(step="publish", status="running", part="saving"))
        registry.save(contents, saved)
        shutil.copytree(contents.extra, saved, dirs_exist_ok=True)
        refuse_unhashed((saved / "requirements.txt").read_text(encoding="utf-8"), "requirements.txt")
        tags = _tags(pipeline, paired, locks, packed, draft, facts)
        params = {key: str(value)[:250] for key, value in facts.described["model"]["settings"].items()}
        key = _content_key(saved, name)
        refuse_secrets(saved, {**tags, **{f"parameter {name}": value for name, value in params.items()}})
        progress(Progress(step="publish", status="running", part="logging"))
        model_id = registry.log(saved, name, key, params, tags)
        card = contents.card.read_text(encoding="utf-8")
    return Logged(
        name=name,
        uri=f"models:/{model_id}",
        model_id=model_id,
        tracking_uri=store,
        folder=pipeline.folder,
        key=key,
        draft=draft,
        tags=tags,
        card=card,
    )


def register(logged: Logged, rehearsal: RehearsalRecord | None = None, progress: ProgressSink = silent) -> Version:
    """Make a version of a logged model, in one call with all its tags; the alias comes last.

    Only where the rehearsal's *predicts* passed the version is marked ``rehearsed``. What was registered before with
    the same content and the same verdict is given back instead.

    Raises:
        HandoffError: the store does not answer.
    """
    registry = Registry(logged.tracking_uri)
    passed = bool(rehearsal and rehearsal.predicts.passed)
    progress(Progress(step="publish", status="running", part="registering"))
    if rehearsal:
        _keep(registry, logged, rehearsal)
    there = registry.registered(logged.name, logged.key)
    if there and (there[1].get("handoff.rehearsed") == "true" or not passed):
        number, passed = there[0], there[1].get("handoff.rehearsed") == "true"
        if alias := _alias(logged, passed):
            registry.point(logged.name, alias, number)
    else:
        tags = {**logged.tags, "handoff.key": logged.key, "handoff.rehearsed": str(passed).lower()}
        if rehearsal:
            tags["handoff.rehearsal"] = rehearsal_words(rehearsal)
        card = logged.card[:_DESCRIPTION]
        number = registry.register(logged.name, logged.model_id, tags, card, _alias(logged, passed))
    version = Version(
        name=logged.name,
        version=number,
        uri=f"models:/{logged.name}/{number}",
        tracking_uri=logged.tracking_uri,
        model_uri=logged.uri,
        draft=logged.draft,
        rehearsed=passed,
    )
    _remember(logged.folder, version)
    return version


def _in_charge(registry: Registry, name: str) -> InCharge | None:
    found = registry.by_alias(name, "champion")
    if found is None:
        return None
    prefix = "handoff.metric."
    metrics = {key.removeprefix(prefix): float(value) for key, value in found[1].items() if key.startswith(prefix)}
    return InCharge(found[0], metrics)


def _alias(logged: Logged, passed: bool) -> str:
    return "draft" if logged.draft else "candidate" if passed else ""


def _answered(pipeline: PipelineFolder, draft: bool) -> None:
    from handoff_ext.plan import missing, plan_path

    described = pipeline.manifest.model
    classifier = described is None or "predict_proba" in described.methods
    blocking = [each for each in missing(pipeline.plan, classifier) if each.blocks]
    if blocking and not draft:
        names = ", ".join(each.title for each in blocking)
        raise GateFailed(
            f"Answers are missing in {plan_path(pipeline.notebook).name}: {names}.",
            "Answer them, or publish a --draft.",
        )


def _tags(
    pipeline: PipelineFolder,
    paired: ParityRecord,
    locks: Locks,
    packed: Packed,
    draft: bool,
    facts: CardFacts,
) -> dict[str, str]:
    plan, proof = pipeline.plan, pipeline.record.proof
    same = "equal" if paired.equal else "different"
    tags = {
        "handoff": "1",
        "handoff.stage": "shadow",
        "handoff.draft": str(draft).lower(),
        "handoff.owner": plan.owner.name,
        "handoff.contact": plan.owner.contact,
        "handoff.findings": facts.checked.found,
        "handoff.parity": f"{same}, {paired.level}, {paired.compared_values} values",
        "handoff.proof": ("equal" if proof.equal else "different") if proof else "not proven",
        "handoff.notebook": pipeline.manifest.source.hash,
        "handoff.pipeline": pipeline.record.hash,
        "handoff.lock": f"{locks.serving_packages} packages",
        "handoff.format": str(packed.described()["format"]),
    }
    tags |= accepted_tags(plan.owner)
    tags |= {f"handoff.metric.{quality.name}": f"{quality.value:.6g}" for quality in facts.measures.qualities}
    return {key: value for key, value in tags.items() if value}


def _content_key(saved: Path, name: str) -> str:
    """The same content under the same name has the same key, whenever and wherever it was gathered."""
    digest = hashlib.sha256(name.encode())
    for path in sorted(saved.rglob("*")):
        # MLmodel has times in it; evidence of the run has seconds.
        if path.is_file() and path.name != "MLmodel" and "evidence" not in path.parts and path.name not in _TIMED:
            digest.update(path.relative_to(saved).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


_TIMED = {"MODEL_CARD.md", "card.html"}


def _keep(registry: Registry, logged: Logged, rehearsal: RehearsalRecord) -> None:
    from handoff_ext.run.folder import write_record

    path = logged.folder / "evidence" / "rehearsal.json"
    write_record(path, rehearsal)
    registry.add_evidence(logged.model_id, path)


def rehearsal_words(rehearsal: RehearsalRecord) -> str:
    """Both verdicts and what was cut off, in one line."""
    shown = {True: "passed", False: "failed", None: "not tried"}
    cut_off = ", ".join(what for what, done in rehearsal.isolated.items() if done) or "nothing"
    return (
        f"predicts {shown[rehearsal.predicts.passed]} ({rehearsal.predicts.compared_values} values), "
        f"retrains {shown[rehearsal.retrains.passed]}; cut off: {cut_off}"
    )


def _remember(folder: Path, version: Version) -> None:
    from handoff_ext.run.folder import write_text

    content = {**version.__dict__, "tracking_uri": shown(version.tracking_uri)}
    write_text(folder / "evidence" / "published.json", json.dumps(content, indent=1) + "\n")
