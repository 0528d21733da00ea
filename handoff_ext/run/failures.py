"""How a run ends when it does not end well."""

from __future__ import annotations

from handoff_ext.contracts.errors import Cancelled, GateFailed
from handoff_ext.contracts.evidence import RunRecord, StageRun


class StageFailed(GateFailed):
    """A stage failed. ``record`` is the run as far as it came (written to ``evidence/run.json``)."""

    def __init__(self, record: RunRecord) -> None:
        self.record = record
        self.stage: StageRun = next(stage for stage in record.stages if stage.status == "failed")
        where = f" in cell {self.stage.cell_id}" if self.stage.cell_id else ""
        super().__init__(f"Step {self.stage.name} failed{where}: {self.stage.error}", f"See {self.stage.notebook}.")


class RunCancelled(Cancelled):
    """The run was stopped. ``record`` is the run as far as it came."""

    def __init__(self, record: RunRecord) -> None:
        self.record = record
        at = next((stage.name for stage in record.stages if stage.status == "cancelled"), "")
        where = f" in step {at}" if at else ""
        super().__init__(f"The run was stopped{where}.", "Run again: steps that ended are not repeated.")
