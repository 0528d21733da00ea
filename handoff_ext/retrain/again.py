"""Training again as it is asked for: by a person, or by a check when the plan says so; and what came of it in words."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.progress import ProgressSink, silent
from handoff_ext.retrain.retraining import Retrained
from handoff_ext.retrain.triggering import why_now

if TYPE_CHECKING:
    from handoff_ext.contracts.plan import Plan
    from handoff_ext.contracts.watching import Check
    from handoff_ext.ledger.store import Store


def train_again(
    name: str,
    files: Mapping[str, str],
    tracking_uri: str,
    by: str,
    parameters: Mapping[str, str] | None = None,
    kernel: str = "",
    keep: Path | None = None,
    progress: ProgressSink = silent,
) -> Retrained:
    """Train a model again, in ``keep`` or in a folder that is gone afterwards.

    Args:
        name: the model's.
        files: input parameter to file; ``""`` for the only one.
        tracking_uri: the registry; the usual one where empty.
        by: who or what asks for it.
        parameters: other parameters of the pipeline.
        kernel: another kernel than the pipeline's own.
        keep: where pipeline and runs stay.
        progress: told how far it is.

    Raises:
        HandoffError: it came to nothing; the version in charge stays.
    """
    from handoff_ext.ledger.place import ledger_of
    from handoff_ext.ledger.store import Store
    from handoff_ext.publish.registry import default_store
    from handoff_ext.retrain import retraining

    uri = tracking_uri or default_store(Path("here"))
    with tempfile.TemporaryDirectory(prefix="handoff-retrain-") as aside:
        work = (keep or Path(aside)).resolve()
        store = Store(ledger_of(uri).database)
        return retraining.retrain(name, files, uri, store, work, by, parameters, kernel, progress)


def in_words(done: Retrained) -> str:
    """What came of it."""
    version = f"{done.name}, version {done.version},"
    if done.gate != "open":
        return f"{version} only watches; {done.instead_of} stays: {done.gate}."
    if done.promoted:
        return f"{version} is better than {done.instead_of} and in charge now, as the plan says."
    return f"{version} is better than {done.instead_of}. Let it: handoff promote {done.name} --to ... --approver NAME"


def train_when_due(
    name: str, plan: Plan, found: Check, store: Store, files: Mapping[str, str], tracking_uri: str
) -> str:
    """Train again where the plan says so after this check; what came of it, in a sentence, empty where it says no.

    What fails is on record and said.
    """
    by = why_now(plan.retraining, found.alerts, store.decisions(name), store.first_check(name), found.at)
    if not by:
        return ""
    try:
        done = train_again(name, files, tracking_uri, by)
    except HandoffError as error:
        return f"Trained again ({by}), to no end: {error.message} {error.hint}".strip()
    return f"Trained again ({by}): {in_words(done)}"
