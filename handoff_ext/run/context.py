"""All that belongs to one run."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handoff_ext.contracts.evidence import StageRun
from handoff_ext.contracts.pipeline import Manifest, Stage
from handoff_ext.contracts.progress import Progress, ProgressSink, StepStatus
from handoff_ext.run.folder import RunFolder
from handoff_ext.run.secrets import Redact
from handoff_ext.run.spare import Kernels
from handoff_ext.run.state import StageState


@dataclass(slots=True)
class Context:
    """One run of a pipeline.

    ``given`` are the parameters that were given, ``values`` all of them with defaults; ``seats`` bounds how many stages
    run side by side; ``expected`` are seconds of the last run by stage. ``runs`` and ``states`` fill as stages end.
    """

    manifest: Manifest
    place: RunFolder
    given: Mapping[str, Any]
    values: Mapping[str, Any]
    kernel: str
    kernels: Kernels
    progress: ProgressSink
    redact: Redact
    force: bool
    timeout: float | None
    seats: asyncio.Semaphore
    expected: Mapping[str, float]
    secrets: tuple[str, ...] = ()
    runs: dict[str, StageRun] = field(default_factory=dict)
    states: dict[str, StageState] = field(default_factory=dict)

    def tell(self, stage: Stage, status: StepStatus, **more: Any) -> None:
        """Report on a stage."""
        self.progress(
            Progress(step="run", status=status, part=stage.name, expected=self.expected.get(stage.name, 0.0), **more)
        )
