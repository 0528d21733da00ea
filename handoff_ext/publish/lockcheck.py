"""Says what moved since a lock was written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.publish.folder import open_folder
from handoff_ext.publish.kernel import run_inside
from handoff_ext.publish.locking import PIPELINE, locked
from handoff_ext.publish.lockscan import refuse_unhashed


@dataclass(frozen=True)
class Moved:
    """A package whose version is no longer the locked one; None: not locked, or not installed."""

    name: str
    locked: str | None
    now: str | None


def moved(folder: Path) -> list[Moved]:
    """What differs between ``requirements.lock``, the last run, and what the kernel has installed now.

    Raises:
        HandoffError: there is no lock or no run.
        GateFailed: the lock was tampered with: an entry has no hash.
    """
    pipeline = open_folder(folder)
    path = pipeline.folder / PIPELINE
    if not path.is_file():
        raise HandoffError(f"{folder} has no exact package list yet.", f"Write it: handoff lock {folder}")
    text = path.read_text(encoding="utf-8")
    refuse_unhashed(text, PIPELINE)
    listed = locked(text)
    ran = {each.name: each.version for each in pipeline.environment.distributions}
    names = sorted({*listed, *ran})
    job = {"names": names, "repack": [], "out": ""}
    now = run_inside(pipeline.environment.executable, "installed", job, pipeline.folder)["versions"]
    return [
        Moved(name, listed.get(name), now.get(name))
        for name in names
        if not (listed.get(name) == now.get(name) == ran.get(name, listed.get(name)))
    ]
