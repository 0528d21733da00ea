"""What a stage left when it last ended well, and whether that still stands."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from handoff_ext.contracts.evidence import Environment
from handoff_ext.run.folder import RunFolder, write_record
from handoff_ext.run.signatures import Signature


class StageState(BaseModel):
    """``{run_dir}/state/{stage}.json``.

    ``files`` are the paths it depends on or wrote, as they were afterwards; ``opaque`` says what else it depends on
    that cannot be looked at (``network``, ``program``): then it is repeated each time.
    """

    model_config = ConfigDict(extra="forbid")

    key: str = ""
    files: dict[str, Signature] = Field(default_factory=dict)
    opaque: str = "unknown"
    seconds: float = 0.0
    memory_mb: float = 0.0
    metrics: dict[str, float] = Field(default_factory=dict)
    problems: dict[str, str] = Field(default_factory=dict)
    environment: Environment | None = None


def state_file(place: RunFolder, stage: str) -> Path:
    """Where a stage's state is kept."""
    return place.run_dir / "state" / f"{stage}.json"


def read_state(place: RunFolder, stage: str) -> StageState | None:
    """The state of a stage's last good run; None where there is none."""
    try:
        return StageState.model_validate_json(state_file(place, stage).read_bytes())
    except (OSError, ValidationError):
        return None


def write_state(place: RunFolder, stage: str, state: StageState) -> None:
    """Keep a stage's state."""
    write_record(state_file(place, stage), state)
