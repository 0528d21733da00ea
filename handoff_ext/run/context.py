"""All that belongs to one run."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handoff_ext.contracts.evidence import RunRecord, StageRun
from handoff_ext.contracts.pipeline import Manifest, Stage
from handoff_ext.contracts.progress import Progress, ProgressSink, StepStatus
from handoff_ext.run.ahead import Ahead
from handoff_ext.run.folder import RunFolder
from handoff_ext.run.nursery import Nursery
from handoff_ext.run.secrets import Redact
from handoff_ext.run.state import StageState


@dataclass(slots=True)
class Context:
    """One run of a pipeline.

    ``given`` are the parameters that were given, ``values`` all of them with defaults; ``seats`` bounds how many stages
    run side by side; ``command`` starts a kernel; ``variables`` are what kernels get besides ours (they may be
    secret); ``last`` is the run before; kernels come from ``nursery``, where there is one. ``ahead`` makes stages
    ready; ``runs`` and ``states`` fill as stages end; ``tails`` are what they still do then.
    """

    manifest: Manifest
    place: RunFolder
    given: Mapping[str, Any]
    values: Mapping[str, Any]
    kernel: str
    command: list[str]
    progress: ProgressSink
    redact: Redact
    force: bool
    timeout: float | None
    seats: asyncio.Semaphore
    variables: Mapping[str, str]
    ahead: Ahead = field(init=False)
    last: RunRecord | None = None
    nursery: Nursery | None = None
    runs: dict[str, StageRun] = field(default_factory=dict)
    states: dict[str, StageState] = field(default_factory=dict)
    tails: list[asyncio.Task[None]] = field(default_factory=list)

    def tell(self, stage: Stage, status: StepStatus, **more: Any) -> None:
        """Report on a stage."""
        before = self.last.stages if self.last else []
        expected = next((one.seconds for one in before if one.name == stage.name and one.status != "failed"), 0.0)
        self.progress(Progress(step="run", status=status, part=stage.name, expected=expected, **more))
