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


def doubt(prediction: Any, remarks: Sequence[Remark], plan: Plan) -> str:
    """Why the model's answer should not be acted on, in one sentence; empty where it may be.

    A row unlike the known cases and a score outside the plan's normal range count only where the plan says what
    happens then.
    """
    if prediction is None:
        return "The model gave no number."
    if plan.fallback.kind is None:
        return ""
    if remarks:
        return f"{remarks[0].field} is unlike known cases ({remarks[0].known})."
    score, normal = score_of(prediction), plan.thresholds
    if score is not None and normal.normal_low is not None and score < normal.normal_low:
        return "The score is lower than normal."
    if score is not None and normal.normal_high is not None and score > normal.normal_high:
        return "The score is higher than normal."
    return ""


def score_of(prediction: Any) -> float | None:
    """The number that the plan's thresholds are about: the prediction, or the last number among its outputs."""
    if isinstance(prediction, dict):
        numbers = [value for value in prediction.values() if _is_number(value)]
        return float(numbers[-1]) if numbers else None
    if isinstance(prediction, list):
        return float(prediction[-1]) if prediction and _is_number(prediction[-1]) else None
    return float(prediction) if _is_number(prediction) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
