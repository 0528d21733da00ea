"""All jobs of the server: queued, run, told, cancelled, remembered."""

from __future__ import annotations

import asyncio
import datetime
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from handoff_ext.contracts.errors import HandoffError, NotFound
from handoff_ext.server.failures import Conflict, for_the_log, printed_for_the_log
from handoff_ext.server.jobs.command import ship_argv
from handoff_ext.server.jobs.outcome import ENDED, START_AGAIN, STOPPED, Outcome, outcome, read_progress, with_events
from handoff_ext.server.jobs.place import Place, place_of_failure
from handoff_ext.server.jobs.process import JobProcess
from handoff_ext.server.jobs.request import without_login
from handoff_ext.server.jobs.store import JobStore
from handoff_ext.server.paths import confined, relative

if TYPE_CHECKING:
    from handoff_ext.contracts.sidebar import Job, JobRequest, Jobs

Argv = Callable[["JobRequest", Path], list[str]]


@dataclass(eq=False)
class _Entry:
    """A job of this server. ``before`` is the job of the same notebook that it waits for; ``began`` on the clock that
    never goes back, ``since`` on the files' clock."""

    job: Job
    request: JobRequest
    notebook: Path
    variables: Mapping[str, str]
    before: _Entry | None = None
    task: asyncio.Task[None] | None = None
    process: JobProcess | None = None
    ending: asyncio.Task[None] | None = None
    began: float = 0.0
    since: float = 0.0
    stopped: bool = False


class JobManager:
    """Runs one job a notebook at a time; the next waits."""

    def __init__(
        self,
        root: Path,
        runtime: Path,
        announce: Callable[[Job], None],
        log: logging.Logger,
        argv: Argv = ship_argv,
        kill_after: float = 5.0,
    ) -> None:
        self._root = root
        self._store = JobStore(runtime, root)
        self._announce = announce
        self._log = log
        self._argv = argv
        self._kill_after = kill_after
        self._entries: dict[str, _Entry] = {}
        self._earlier: dict[str, Job] | None = None

    @property
    def active(self) -> int:
        """How many jobs wait or run."""
        return len(self._waiting_or_running())

    def all(self) -> Jobs:
        """All jobs, newest first."""
        from handoff_ext.contracts.sidebar import Jobs

        for entry in self._waiting_or_running():
            self._clock(entry)
        own = [entry.job for entry in self._entries.values()]
        return Jobs(jobs=[*reversed(own), *reversed(self._remembered().values())])

    def last_seconds(self, path: str) -> dict[str, float]:
        """How long each step took when it last went through for this notebook, and each kind of job as a whole."""
        seconds: dict[str, float] = {}
        for job in reversed(self.all().jobs):
            if job.path == path and job.result is not None:
                seconds |= {step.step: step.seconds for step in job.result.steps if step.status == "ok"}
                seconds |= {job.kind: job.seconds} if job.state == "done" else {}
        return seconds

    async def submit(self, request: JobRequest, secrets: Mapping[str, str]) -> Job:
        """Start a job, or queue it behind the one of the same notebook. The same request twice, while it waits, is
        one job. Raises ``NotFound``."""
        from handoff_ext.contracts.sidebar import Job

        notebook = confined(self._root, request.path)
        if not notebook.is_file() or notebook.suffix != ".ipynb":
            raise NotFound(f"There is no notebook {notebook.name}.", "Save it, or open it again.")
        uri, login = without_login(request.tracking_uri)
        request = request.model_copy(update={"path": relative(self._root, notebook), "tracking_uri": uri})
        self._remembered()
        queue = [entry for entry in self._waiting_or_running() if entry.notebook == notebook]
        for entry in queue:
            if entry.job.state == "queued" and entry.request == request:
                return entry.job
        job = Job(id=uuid.uuid4().hex, kind=request.kind, path=request.path, state="queued", started=_now())
        entry = _Entry(job, request, notebook, {**secrets, **login}, before=queue[-1] if queue else None)
        self._entries[job.id] = entry
        self._tell(entry)
        entry.task = asyncio.create_task(self._go(entry))
        return job

    async def cancel(self, job_id: str) -> Job:
        """Cancel a job. Raises ``NotFound``, and ``Conflict`` where it has ended."""
        entry = self._entries.get(job_id)
        if entry is None and job_id not in self._remembered():
            raise NotFound("There is no such job.", "Reload the page.")
        if entry is None or entry.job.state in ENDED:
            raise Conflict("This job has already ended.")
        if entry.job.state != "cancelling":
            self._change(entry, state="cancelled" if entry.job.state == "queued" else "cancelling")
            self._end(entry)
        return entry.job

    async def stop(self) -> None:
        """End all jobs, with the server."""
        entries = self._waiting_or_running()
        for entry in entries:
            entry.stopped = True
            if entry.job.state == "queued":
                self._finish(entry, Outcome("failed", error=STOPPED, hint=START_AGAIN))
            self._end(entry)
        await asyncio.gather(*(entry.task for entry in entries if entry.task), return_exceptions=True)

    async def _go(self, entry: _Entry) -> None:
        try:
            if entry.before is not None and entry.before.task is not None:
                await asyncio.wait([entry.before.task])
            if entry.job.state != "queued":
                return
            if _held_back(entry):
                error = "The test run before it did not succeed, so nothing was published."
                self._finish(entry, Outcome("failed", error=error, hint="Run the test again."))
                return
            self._finish(entry, await self._run(entry))
        except HandoffError as error:
            self._finish(entry, Outcome("failed", error=error.message, hint=error.hint))
        except Exception as error:
            self._log.error("handoff_ext: job %s: %s", entry.job.id, for_the_log(error))
            self._finish(
                entry, Outcome("failed", error="The job could not be run.", hint="The server's log says more.")
            )
        finally:
            entry.before = None

    async def _run(self, entry: _Entry) -> Outcome:
        entry.began, entry.since = time.monotonic(), time.time()
        self._change(entry, state="running", started=_now())
        argv = self._argv(entry.request, entry.notebook)
        try:
            entry.process = await JobProcess.start(
                argv, entry.notebook.parent, entry.variables, lambda lines: self._hear(entry, lines)
            )
        except OSError as error:
            raise HandoffError(f"The job could not be started: {error.strerror}.") from error
        self._tell(entry)
        if entry.job.state == "cancelling" or entry.stopped:  # while it was being started
            self._end(entry)
        code, output = await entry.process.finished()
        if entry.ending is not None:
            await entry.ending
        if entry.stopped:
            return Outcome("failed", error=STOPPED, hint=START_AGAIN)
        if places := printed_for_the_log(entry.process.said):
            self._log.error("handoff_ext: job %s ended with exit code %s: %s", entry.job.id, code, places)
        return outcome(code, output, entry.process.said, entry.job.state == "cancelling", entry.request.draft)

    def _hear(self, entry: _Entry, lines: list[str]) -> list[str]:
        """Take the progress out of what the process said; give the other lines back."""
        read = [(line, read_progress(line)) for line in lines]
        if events := [event for _, event in read if event is not None]:
            self._change(entry, progress=with_events(entry.job.progress, events))
        return [line for line, event in read if event is None]

    def _end(self, entry: _Entry) -> None:
        if entry.process is not None and entry.ending is None:
            entry.ending = asyncio.create_task(entry.process.end(self._kill_after))

    def _finish(self, entry: _Entry, ended: Outcome) -> None:
        place = Place()
        if ended.state == "failed" and entry.process is not None:
            place = place_of_failure(self._root, entry.notebook, entry.since)
        self._change(
            entry,
            state=ended.state,
            result=ended.result,
            error=ended.error,
            hint=ended.hint,
            cell_id=place.cell_id,
            executed=place.executed,
        )

    def _change(self, entry: _Entry, **fields: object) -> None:
        entry.job = entry.job.model_copy(update=fields)
        self._tell(entry)

    def _tell(self, entry: _Entry) -> None:
        self._clock(entry)
        pid = entry.process.pid if entry.process and entry.job.state not in ENDED else None
        try:
            self._store.save(entry.job, pid)
        except OSError as error:  # the job itself goes on; only a restarted server will not know it
            self._log.warning("handoff_ext: job %s could not be written down: %s", entry.job.id, error.strerror)
        self._announce(entry.job)

    def _clock(self, entry: _Entry) -> None:
        if entry.began:
            entry.job.seconds = round(time.monotonic() - entry.began, 2)

    def _waiting_or_running(self) -> list[_Entry]:
        return [entry for entry in self._entries.values() if entry.job.state not in ENDED]

    def _remembered(self) -> dict[str, Job]:
        """Jobs of earlier servers, oldest first; read once."""
        if self._earlier is None:
            self._earlier = {job.id: job for job in self._store.earlier()}
        return self._earlier


def _held_back(entry: _Entry) -> bool:
    before = entry.before
    kinds = (entry.job.kind, before.job.kind) if before else ()
    return before is not None and kinds == ("publish", "test-run") and before.job.state != "done"


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
