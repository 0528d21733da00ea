"""What people decided beside the model's answers: how often otherwise, and who was right where the truth is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handoff_ext.monitor.moving import MONTH
from handoff_ext.monitor.truth import Labelled


def people_now(labelled: Labelled, end: int, number: bool) -> dict[str, Any]:
    """Of the last four weeks: how many cases people ``decided``, how many of them ``otherwise`` than the model said;
    the mean error of ``people`` and ``model`` on those that have a truth (``known``). Empty where nothing is reported.

    Args:
        labelled: outcomes and decisions.
        end: the day after the last.
        number: whether errors are differences, not shares of wrong answers.
    """
    decided = [followed for day, followed in labelled.decided if end - MONTH <= day < end]
    if not decided:
        return {}
    rows = zip(labelled.day, labelled.error, labelled.people, strict=True)
    both = [(error, people) for day, error, people in rows if people is not None and end - MONTH <= day < end]
    found: dict[str, Any] = {"decided": len(decided), "otherwise": decided.count(False), "known": len(both)}
    if both:
        found["model"], found["people"] = (round(sum(each) / len(both), 6) for each in zip(*both, strict=True))
    return {**found, "number": number}


def people_words(found: Mapping[str, Any]) -> str:
    """The same as people read it; empty where nothing is reported."""
    if not found:
        return ""
    said = (
        f"People decided {found['decided']:,} cases in four weeks, "
        f"{found['otherwise']:,} of them otherwise than the model said."
    )
    if not found["known"]:
        return f"{said} What really came of these is not known yet."
    if found["number"]:
        return f"{said} Mean error where the truth is known: people {found['people']:.4g}, model {found['model']:.4g}."
    people, model = (f"{100 * (1 - found[who]):.0f}" for who in ("people", "model"))
    return f"{said} Where the truth is known ({found['known']:,}), people were right in {people} of 100, the model in {model}."  # noqa: E501  # fmt: skip
