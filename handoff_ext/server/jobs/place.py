"""Where a failed job went wrong: the cell of the notebook, and the executed step to open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from handoff_ext.contracts.names import pipeline_folder
from handoff_ext.server.paths import relative

_OURS = "handoff-"
_COPIED = "handoff-before-"


@dataclass(frozen=True, slots=True)
class Place:
    """``cell_id`` is empty where no cell of the source is to blame; ``executed`` counts from the server's root."""

    cell_id: str = ""
    executed: str = ""


def place_of_failure(root: Path, notebook: Path, since: float) -> Place:
    """The failed step in the record of a run that ended after ``since`` (seconds since 1970)."""
    folder = pipeline_folder(notebook)
    record = folder / "evidence" / "run.json"
    try:
        if record.stat().st_mtime < since:
            return Place()
        stages = json.loads(record.read_bytes())["stages"]
        failed = next((stage for stage in stages if stage["status"] == "failed"), None)
    except (OSError, ValueError, KeyError, TypeError):
        return Place()
    if failed is None:
        return Place()
    executed = folder / str(failed.get("notebook", ""))
    cell_id = str(failed.get("cell_id", "")).removeprefix(_COPIED)
    return Place(
        cell_id="" if cell_id.startswith(_OURS) else cell_id,
        executed=relative(root, executed) if executed.is_file() else "",
    )
