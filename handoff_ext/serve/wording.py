"""An answer in words, for people who decide and don't code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.profile import Profile, ScoreBin
from handoff_ext.contracts.serving import Answer, Remark
from handoff_ext.serve.fallback import outcome_of, score_of
from handoff_ext.serve.influence import Move

STAGES = {
    "shadow": "Watches only: not yet used for decisions.",
    "advise": "Advises: a person decides.",
    "decide": "Decides: a person can overrule it.",
}
ENOUGH = 20


def headline(answer: Answer, plan: Plan, profile: Profile) -> str:
    """The answer in one short line: ``Likely late: 7 of 10 such cases were.``"""
    if answer.fallback:
        return "A person decides." if answer.prediction is None else f"Instead: {shown(outcome_of(answer.prediction))}"
    score, limit = score_of(answer.prediction, profile.target), plan.thresholds.decision
    if profile.calibration and score is not None:
        known = _share(score, profile)
        likely = _likely(score >= (0.5 if limit is None else limit), profile.target)
        return f"{likely}: {known} such cases were." if known else f"{likely}."
    if limit is not None and score is not None:
        return f"{shown(score)}: {'act' if score >= limit else 'no need to act'} (from {shown(limit)} on)"
    return f"Answer: {shown(outcome_of(answer.prediction))}"


def _likely(yes: bool, target: str) -> str:
    """Likely or not, and what: the target's name where it is a word and not only "1"."""
    name = target.replace("_", " ").strip()
    if name.lower() in {"", "1", "true", "yes"}:
        return "Likely" if yes else "Unlikely"
    return f"{'Likely' if yes else 'Probably not'} {name}"


def confidence(answer: Answer, profile: Profile) -> str:
    """On how many known cases that stands, or how sure the model is of its label; empty if nothing is known."""
    said = answer.prediction if answer.guess is None else answer.guess
    score = score_of(said, profile.target)
    near = _bin(score, profile.calibration) if score is not None else None
    if near is not None:
        few = ": treat as a guess" if near.count < ENOUGH else ""
        return f"{near.count:,} known cases scored like this{few}."
    sure = isinstance(said, dict) and any(name.startswith("probability_") for name in said)
    return f"The model is {round(100 * score)} of 100 sure." if sure and score is not None else ""


def _share(score: float, profile: Profile) -> str:
    """``7 of 10``: how many of those that scored alike turned out so; empty where too few are known."""
    near = _bin(score, profile.calibration)
    return odds(near.right, near.count) if near and near.count >= ENOUGH else ""


def odds(right: int, count: int) -> str:
    """``7 of 10``; near the ends ``3 of 100``, so that rare is not taken for never."""
    share = right / count
    if 0.095 <= share <= 0.905:
        return f"{round(10 * share)} of 10"
    if 0 < share < 0.005:
        return "fewer than 1 of 100"
    return "more than 99 of 100" if 0.995 < share < 1 else f"{round(100 * share)} of 100"


def _remarked(remark: Remark) -> str:
    if remark.problem == "extra":
        return f"{remark.field}: no input of the model, left aside."
    if remark.problem is not None:
        return f"{remark.field}: filled in as in training, for it was bad ({remark.problem})."
    return f"{remark.field}: known are {remark.known}."


def doubts(answer: Answer) -> list[str]:
    """Why this answer should not be taken as it stands."""
    said = [_remarked(remark) for remark in answer.unlike_known]
    if any(not remark.imputed for remark in answer.unlike_known):
        said.insert(0, "Unlike known cases: treat as a guess.")
    if answer.unusual:
        said.append(answer.unusual)
    if answer.fallback:
        said.append(answer.fallback_reason)
        if answer.guess is not None:
            said.append(f"The model's guess: {shown(outcome_of(answer.guess))}.")
    return said


def changes(prediction: Any, found: Sequence[Move], profile: Profile, most: int = 3) -> list[str]:
    """What would change the answer most, one line an input; what would not show is left out."""
    now = _outcome(prediction, profile)
    lines: dict[str, str] = {}
    for move in found:
        name, then = move.column.name, _outcome(move.prediction, profile)
        if name not in lines and len(lines) < most and then != now:
            value = shown(move.value) + (f" {move.column.unit}" if move.column.unit else "")
            lines[name] = f"{move.column.label} {value}: {then}"
    return list(lines.values())


def _outcome(prediction: Any, profile: Profile) -> str:
    score = score_of(prediction, profile.target)
    known = _share(score, profile) if score is not None else ""
    return known or shown(outcome_of(prediction))


def _bin(score: float, calibration: Sequence[ScoreBin]) -> ScoreBin | None:
    for near in calibration:
        if near.low <= score < near.high:
            return near
    return calibration[-1] if calibration and score == calibration[-1].high else None


def shown(value: Any) -> str:
    """A value as people read it: four digits, yes and no, parts of an answer by name."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {shown(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(shown(part) for part in value)
    return "nothing" if value is None else str(value)
