"""What ``handoff ship`` says at its end."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

StepName = Literal[
    "check", "fix", "tag", "extract", "run", "prove", "features", "parity", "lock", "publish", "rehearse", "predict"
]


class Part(BaseModel):
    """Common settings: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Step(Part):
    """One step of the road: what came of it, and where it was skipped or failed, why."""

    step: StepName
    status: Literal["ok", "skipped", "failed"]
    seconds: float = 0.0
    detail: str = ""
    reason: str = ""


class ShippedMetric(Part):
    """The first metric, in the notebook and in the pipeline."""

    name: str
    notebook: float | None = None
    pipeline: float | None = None


class Shipped(Part):
    """The whole answer. ``handed over``: proof, parity at the stated level and the rehearsal's *predicts* all passed
    on values actually compared; anything else is not."""

    steps: list[Step] = Field(default_factory=list)
    model_uri: str = ""
    draft: bool = False
    signature_level: Literal["raw", "prepared"] = "prepared"
    metric: ShippedMetric | None = None
    compared_values: int = 0
    max_difference: float = 0.0
    verdict: Literal["handed over", "not handed over"] = "not handed over"
