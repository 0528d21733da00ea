"""What answers when the model cannot, or should not, be acted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handoff_ext.contracts.plan import Fallback, FallbackRule, Plan
from handoff_ext.contracts.serving import Remark

ASK_A_PERSON = "A person decides."
OUT_OF_SCOPE = "Out of scope: the model was trained without rows like this."


def fallback_value(fallback: Fallback, row: Mapping[str, Any] | None = None) -> float | str | None:
    """The answer to act on instead of the model's; None where a person decides.

    Args:
        fallback: the plan's.
        row: the case, for a rule.
    """
    if fallback.kind == "rule":
        return next((rule.answer for rule in fallback.rules if _fits(rule, (row or {}).get(rule.column))), None)
    return fallback.value if fallback.kind == "constant" else None


def _fits(rule: FallbackRule, value: Any) -> bool:
    if value is None:
        return False
    if rule.at_least is not None:
        number = _number(value)
        return number is not None and number >= rule.at_least
    return rule.equals is not None and (value == rule.equals or str(value) == str(rule.equals))


def doubt(prediction: Any, remarks: Sequence[Remark], plan: Plan) -> str:
    """Why the model's answer should not be acted on, in one sentence; empty where it may be.

    A row unlike the known cases counts only where the plan says what happens then.
    """
    if outcome_of(prediction) is None:
        return "The model gave no answer."
    strange = unlike(remarks)
    if plan.fallback.kind is not None and strange:
        known = f" ({strange[0].known})" if strange[0].known else ""
        return f"{strange[0].field} is unlike known cases{known}."
    least, sure = plan.fallback.unsure_below, sureness(prediction)
    if least is not None and sure is not None and sure < least:
        return f"The model is unsure ({100 * sure:.0f} of 100 where {100 * least:.0f} are asked for)."
    return ""


def unlike(remarks: Sequence[Remark]) -> list[Remark]:
    """Those that make a row unlike the known cases: a value that is filled in as the plan wants it does not."""
    return [remark for remark in remarks if not remark.imputed]


def sureness(prediction: Any) -> float | None:
    """The largest probability of an answer; None where it has none."""
    if not isinstance(prediction, dict):
        return None
    shares = [_number(value) for name, value in prediction.items() if name.startswith("probability_")]
    return max((share for share in shares if share is not None), default=None)


def scoped(prediction: Any) -> tuple[Any, bool]:
    """A prediction without what it says of its scope, and whether the row is in it."""
    if not isinstance(prediction, dict) or "in_scope" not in prediction:
        return prediction, True
    return {name: value for name, value in prediction.items() if name != "in_scope"}, prediction[
        "in_scope"
    ] is not False


def unusual(prediction: Any, plan: Plan, target: str = "") -> str:
    """How the score lies outside what the plan calls normal, in one sentence; empty where it does not."""
    score, low, high = score_of(prediction, target), plan.thresholds.normal_low, plan.thresholds.normal_high
    if score is not None and low is not None and score < low:
        return f"The score is lower than normal (from {low:g} on)."
    if score is not None and high is not None and score > high:
        return f"The score is higher than normal (up to {high:g})."
    return ""


def outcome_of(prediction: Any) -> Any:
    """The label or number that the model predicts: the output named ``prediction``, or the first."""
    if isinstance(prediction, dict):
        return prediction.get("prediction", next(iter(prediction.values()), None))
    return prediction


def score_of(prediction: Any, target: str = "") -> float | None:
    """The number that the plan's thresholds are about; None where the answer is only a label.

    The probability of ``target``; else a decision score; else the largest probability (how sure the model is); else the
    predicted number.
    """
    if not isinstance(prediction, dict):
        return _number(prediction)
    asked = _number(prediction.get(f"probability_{target}"))
    if asked is None:
        asked = _number(prediction.get("score"))
    if asked is not None:
        return asked
    sure = sureness(prediction)
    return _number(outcome_of(prediction)) if sure is None else sure


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
