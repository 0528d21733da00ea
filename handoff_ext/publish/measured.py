"""What a run measured that a plan can begin with: where the model is weakest, and how its score usually lies."""

from __future__ import annotations

from pathlib import Path

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.plan import Measured
from handoff_ext.publish.folder import PipelineFolder, read_json
from handoff_ext.publish.measure import measure


def measured(folder: Path) -> Measured | None:
    """Of the model that the last run of the pipeline in ``folder`` packed; None where there is none."""
    try:
        pipeline = PipelineFolder(folder.resolve())
        given, described = read_json(pipeline.packed / "rows.json"), read_json(pipeline.packed / "model" / "model.json")
        personal = [name for name, said in pipeline.plan.columns.items() if said.personal]
        found = measure(given, described, personal, resamples=0)
    except HandoffError:
        return None
    worst = next((group for group in found.slices if group["error"] > group["overall"]), None)
    low, high = found.score_range or (None, None)
    return Measured(
        weakest=worst["words"][:1].upper() + worst["words"][1:] if worst else "",
        score_low=_short(low),
        score_high=_short(high),
    )


def _short(value: float | None) -> float | None:
    """Three digits: people read and judge it."""
    return None if value is None else float(f"{value:.3g}")
