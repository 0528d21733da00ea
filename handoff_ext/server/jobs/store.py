"""Jobs as files below Jupyter's runtime folder: one JSON file a job, readable by its owner only."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from handoff_ext.server.jobs.outcome import ENDED, START_AGAIN, STOPPED
from handoff_ext.server.jobs.process import kill_family

if TYPE_CHECKING:
    from handoff_ext.contracts.sidebar import Job

KEPT = 50
"""How many ended jobs are remembered for a root."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process that is still the same one: its id alone may have gone to another."""

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int) -> Process | None:
        """The process with this id; None where there is none."""
        with contextlib.suppress(psutil.Error):
            return cls(pid, psutil.Process(pid).create_time())
        return None

    def alive(self) -> bool:
        """Whether it still runs."""
        return Process.of(self.pid) == self


@dataclass(frozen=True, slots=True)
class Stored:
    """A job as it was last written. ``server`` is who ran it, ``process`` what it ran in."""

    job: Job
    server: Process | None
    process: Process | None


class JobStore:
    """The jobs of one root. Two servers on the same root share the folder."""

    def __init__(self, runtime: Path, root: Path) -> None:
        self._folder = runtime / "handoff_ext" / hashlib.sha256(str(root).encode()).hexdigest()[:16]
        self._server = Process.of(os.getpid())

    def save(self, job: Job, pid: int | None) -> None:
        """Write the job aside, then put it in place."""
        record = {"job": job.model_dump(mode="json"), "server": _plain(self._server), "process": _plain(_found(pid))}
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = self._folder / f".{job.id}"
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(record, file)
        aside.replace(self._folder / f"{job.id}.json")

    def earlier(self) -> list[Job]:
        """Jobs that ended under earlier servers, oldest first, the newest ``KEPT`` of them.

        A job whose server is gone is over: what still runs of it is ended, and it is told as failed. Jobs of another
        living server are that server's own.
        """
        ended: list[Job] = []
        for stored in filter(None, map(_read, self._folder.glob("*.json"))):
            if stored.job.state in ENDED:
                ended.append(stored.job)
            elif stored.server is None or not stored.server.alive():
                ended.append(self._interrupted(stored))
        ended.sort(key=lambda job: job.started)
        for old in ended[:-KEPT]:
            (self._folder / f"{old.id}.json").unlink(missing_ok=True)
        return ended[-KEPT:]

    def _interrupted(self, stored: Stored) -> Job:
        if stored.process is not None and stored.process.alive():
            kill_family(stored.process.pid)
        job = stored.job.model_copy(update={"state": "failed", "error": STOPPED, "hint": START_AGAIN})
        self.save(job, None)
        return job


def _read(path: Path) -> Stored | None:
    from handoff_ext.contracts.sidebar import Job

    try:
        record = json.loads(path.read_bytes())
        return Stored(Job.model_validate(record["job"]), _process(record["server"]), _process(record["process"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _found(pid: int | None) -> Process | None:
    return Process.of(pid) if pid else None


def _plain(process: Process | None) -> dict[str, Any] | None:
    return {"pid": process.pid, "created": process.created} if process else None


def _process(plain: dict[str, Any] | None) -> Process | None:
    return Process(**plain) if plain else None
