"""Last part of the road: into the registry, through the clean-machine test, to the first answer over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.errors import GateFailed
from handoff_ext.contracts.words import count
from handoff_ext.ship.ahead import ahead
from handoff_ext.ship.journey import Journey

if TYPE_CHECKING:
    from handoff_ext.contracts.serving import Answer


def lock(journey: Journey) -> str:
    """Write the exact package lists, of all steps and of the model."""
    from handoff_ext.publish import lock as write_locks
    from handoff_ext.publish.environments import environment

    locks = write_locks(journey.folder, progress=journey.progress)
    if journey.options.until not in {"lock", "publish"}:
        ahead(lambda: environment(locks.serving, locks.python))
    hashes = locks.requirements.read_text(encoding="utf-8").count("--hash=")
    listed = f"{count(locks.packages, 'package')}, {count(hashes, 'hash', 'hashes')}"
    return f"{listed}; the model needs {locks.serving_packages}"


def publish(journey: Journey) -> str:
    """Put model, card, package list and evidence into the store. The version comes after the clean-machine test."""
    from handoff_ext.publish import log
    from handoff_ext.publish.registry import shown

    options = journey.options
    journey.logged = log(
        journey.folder, options.name, options.tracking_uri, draft=options.draft, progress=journey.progress
    )
    return f"{journey.logged.uri} in {shown(journey.logged.tracking_uri)}"


def rehearse(journey: Journey) -> str:
    """Try it on a clean machine, then register the version; one that failed stays without the mark.

    Raises:
        GateFailed: the clean machine did not give the same answers.
    """
    from handoff_ext.publish import register
    from handoff_ext.rehearse import rehearse as on_a_clean_machine

    assert journey.logged is not None
    logged = journey.logged
    journey.rehearsal = on_a_clean_machine(
        logged.uri, logged.tracking_uri, journey.progress, retrain=journey.options.retrain
    )
    journey.version = register(logged, journey.rehearsal, journey.progress)
    predicts = journey.rehearsal.predicts
    if not predicts.passed:
        raise GateFailed(
            f"{journey.version.uri} is registered, untested: {predicts.reason}", "Mend it and publish again."
        )
    cut_off = ", ".join(what for what, done in journey.rehearsal.isolated.items() if done) or "nothing"
    return (
        f"{journey.version.uri}: {count(predicts.compared_values, 'value')} compared, "
        f"largest difference {predicts.max_difference:g}, cut off: {cut_off}"
    )


def predict(journey: Journey) -> str:
    """Start the server, ask it once with the example row, stop it."""
    from handoff_ext.serve import answer_once_over_http

    assert journey.version is not None
    answers = answer_once_over_http(journey.version.uri, journey.version.tracking_uri).answers
    return said(answers[0])


def said(answer: Answer) -> str:
    """One answer in a sentence; where the model's own is not acted on, why, and what it would have been."""
    if not answer.fallback:
        return f"the example row gives {_value(answer.prediction)}"
    instead = "a person decides" if answer.prediction is None else f"answered {_value(answer.prediction)} instead"
    return f"the example row gives {_value(answer.guess)}; {instead}: {answer.fallback_reason}"


def _value(prediction: Any) -> str:
    if not isinstance(prediction, dict):
        return str(prediction)
    return ", ".join(
        f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}" for name, value in prediction.items()
    )
