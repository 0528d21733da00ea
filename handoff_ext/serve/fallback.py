"""What answers when the model cannot, or should not, be acted on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handoff_ext.contracts.plan import Fallback, Plan
from handoff_ext.contracts.serving import Remark

ASK_A_PERSON = "A person decides."


def fallback_value(fallback: Fallback) -> float | str | None:
    """The answer to act on instead of the model's; None where a person decides."""
    return fallback.value if fallback.kind == "constant" else None


def doubt(prediction: Any, remarks: Sequence[Remark], plan: Plan, target: str = "") -> str:
    """Why the model's answer should not be acted on, in one sentence; empty where it may be.

    A row unlike the known cases and a score outside the plan's normal range count only where the plan says what
    happens then.
    """
    if outcome_of(prediction) is None:
        return "The model gave no answer."
    if plan.fallback.kind is None:
        return ""
    if remarks:
        return f"{remarks[0].field} is unlike known cases ({remarks[0].known})."
    score, normal = score_of(prediction, target), plan.thresholds
    if score is not None and normal.normal_low is not None and score < normal.normal_low:
        return "The score is lower than normal."
    if score is not None and normal.normal_high is not None and score > normal.normal_high:
        return "The score is higher than normal."
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
    shares = [_number(value) for name, value in prediction.items() if name.startswith("probability_")]
    sure = [share for share in shares if share is not None]
    return max(sure) if sure else _number(outcome_of(prediction))


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
