"""The road itself: the steps in order, timed, until one fails."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from handoff_ext.contracts.errors import Cancelled, HandoffError
from handoff_ext.contracts.progress import Progress, ProgressSink, silent
from handoff_ext.contracts.shipping import Shipped, ShippedMetric, Step, StepName
from handoff_ext.ship import preparing, proving, publishing
from handoff_ext.ship.journey import Journey, Options, Skipped

STEPS: dict[StepName, Callable[[Journey], str]] = {
    "check": preparing.check,
    "fix": preparing.fix,
    "tag": preparing.tag,
    "extract": preparing.extract,
    "run": proving.run,
    "prove": proving.prove,
    "features": proving.features,
    "parity": proving.parity,
    "lock": publishing.lock,
    "publish": publishing.publish,
    "rehearse": publishing.rehearse,
    "predict": publishing.predict,
}
DRAFT_MAY_FAIL: frozenset[StepName] = frozenset({"prove", "parity", "rehearse"})
PROOFS: frozenset[StepName] = frozenset({"prove", "parity", "rehearse"})


def ship(notebook: Path, options: Options, progress: ProgressSink = silent) -> Shipped:
    """Go the whole road with one notebook, or up to ``options.until``.

    A step that fails ends the road, except where a draft may go on without it; what was reached is in the answer, with
    each step's time and reason. ``handed over`` only where proof, parity and rehearsal all passed on compared values.

    Raises:
        HandoffError: where the notebook cannot be read, or a full road has no model name.
        Cancelled: somebody stopped a step; no later one is begun.
    """
    if not notebook.is_file():
        raise HandoffError(f"There is no notebook {notebook}.", "Give the path of an .ipynb file.")
    if options.until == "predict" and not options.name:
        raise HandoffError("The model has no name.", "Give one with --name.")
    journey = Journey(source=notebook, notebook=notebook, options=options, secrets=dict(options.secrets))
    done: list[Step] = []
    for name, step in STEPS.items():
        journey.progress = _within(name, progress)
        progress(Progress(step=name, status="running"))
        done.append(_take(name, step, journey))
        progress(Progress(step=name, status=done[-1].status, seconds=done[-1].seconds, detail=_said(done[-1])))
        failed = done[-1].status == "failed"
        if name == options.until or (failed and not (options.draft and name in DRAFT_MAY_FAIL)):
            break
    return _answer(journey, done)


def _within(name: StepName, progress: ProgressSink) -> ProgressSink:
    """What a step tells of its parts is told as this step's; when the step ends, the road says itself."""

    def sink(event: Progress) -> None:
        if event.part or event.status == "running":
            progress(replace(event, step=name))

    return sink


def _take(name: StepName, step: Callable[[Journey], str], journey: Journey) -> Step:
    started = time.perf_counter()
    try:
        detail, status, reason = step(journey), "ok", ""
    except Skipped as skipped:
        detail, status, reason = "", "skipped", str(skipped)
    except Cancelled:
        raise  # A draft goes on without what failed, never against who stopped it.
    except HandoffError as error:
        detail, status, reason = "", "failed", f"{error.message} {error.hint}".strip()
    return Step.model_validate(
        {
            "step": name,
            "status": status,
            "seconds": round(time.perf_counter() - started, 2),
            "detail": detail,
            "reason": reason,
        }
    )


def _said(step: Step) -> str:
    return step.detail or step.reason


def _answer(journey: Journey, steps: list[Step]) -> Shipped:
    passed = {step.step for step in steps if step.status == "ok"}
    compared = [
        (record.compared_values, record.max_difference)
        for record in (
            journey.proof,
            journey.parity,
            journey.rehearsal.predicts if journey.rehearsal else None,
        )
        if record is not None
    ]
    proven = passed >= PROOFS and "publish" in passed and all(values > 0 for values, _ in compared)
    return Shipped(
        steps=steps,
        model_uri=journey.version.uri if journey.version else "",
        draft=journey.options.draft,
        signature_level=journey.parity.level if journey.parity else "prepared",
        metric=_metric(journey),
        compared_values=sum(values for values, _ in compared),
        max_difference=max((difference for _, difference in compared), default=0.0),
        verdict="handed over" if proven else "not handed over",
    )


def _metric(journey: Journey) -> ShippedMetric | None:
    from handoff_ext.run.folder import read_record

    record = read_record(journey.folder) if journey.record else None
    for metric in record.metrics if record else ():
        return ShippedMetric(name=metric.name, notebook=metric.notebook, pipeline=metric.pipeline)
    return None
