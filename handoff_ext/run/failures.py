"""How a run ends when it does not end well."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from handoff_ext.contracts.errors import Cancelled, GateFailed
from handoff_ext.contracts.evidence import RunRecord, StageRun

_POINTER = b"version https://git-lfs.github.com/spec/"


class StageFailed(GateFailed):
    """A stage of the pipeline in ``folder`` failed. ``record`` is the run as far as it came (written to
    ``evidence/run.json``)."""

    def __init__(self, record: RunRecord, folder: Path) -> None:
        self.record = record
        self.stage: StageRun = next(stage for stage in record.stages if stage.status == "failed")
        number = _number(folder / self.stage.notebook, self.stage.cell_id)
        where = f" in cell {number} of {self.stage.notebook}" if number else ""
        error = self.stage.error if self.stage.error.endswith((".", "!", "?")) else f"{self.stage.error}."
        hint = "The cell is marked there." if number else f"See {self.stage.notebook}."
        super().__init__(f"Step {self.stage.name} failed{where}: {error}", _no_data(record, folder) or hint)


class RunCancelled(Cancelled):
    """The run was stopped. ``record`` is the run as far as it came."""

    def __init__(self, record: RunRecord) -> None:
        self.record = record
        at = next((stage.name for stage in record.stages if stage.status == "cancelled"), "")
        where = f" in step {at}" if at else ""
        super().__init__(f"The run was stopped{where}.", "Run again: steps that ended are not repeated.")


def _no_data(record: RunRecord, folder: Path) -> str:
    """What to do where Git LFS has not brought an input file (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md)."""
    for parameter in record.inputs:
        path = folder / str(record.parameters[parameter])
        with suppress(OSError), path.open("rb") as file:
            if file.read(len(_POINTER)) == _POINTER:
                return f"{path.name} holds no data, only where Git LFS keeps it: run git lfs pull in its folder."
    return ""


def _number(executed: Path, cell_id: str) -> int:
    """Which cell of the executed notebook that is, as people count; 0 where none is to blame."""
    try:
        cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return 0
    return next((number for number, cell in enumerate(cells, 1) if cell_id and cell.get("id") == cell_id), 0)
