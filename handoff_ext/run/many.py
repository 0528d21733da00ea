"""Many runs of one pipeline: one for each combination of values."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.evidence import ManyRuns, MappedRun
from handoff_ext.contracts.progress import Progress, ProgressSink, silent
from handoff_ext.run.ahead import Ahead
from handoff_ext.run.context import Context
from handoff_ext.run.failures import RunCancelled, StageFailed
from handoff_ext.run.folder import write_record
from handoff_ext.run.lock import only_run
from handoff_ext.run.runner import complete, prepare
from handoff_ext.run.stopping import stoppable

_RUNS = 10_000
_UNSAFE = re.compile(r"[^\w.+=-]+")


def run_many(
    folder: str | Path,
    mapped: Mapping[str, Sequence[Any]],
    parameters: Mapping[str, Any] | None = None,
    progress: ProgressSink = silent,
    force: bool = False,
    jobs: int = 0,
    timeout: float | None = None,
    kernel: str | None = None,
    environment: Mapping[str, str] | None = None,
    stop: threading.Event | None = None,
) -> ManyRuns:
    """Run the pipeline once for each combination of the ``mapped`` values, ``jobs`` runs side by side.

    Each run has a folder of its own, ``{run_dir}/map/NAME=VALUE``, with its record in ``run.json``; the summary is
    ``evidence/map.json``. A run that fails does not end the others. What steps write elsewhere than into ``run_dir``,
    all runs share.

    Args:
        folder: the pipeline's folder.
        mapped: values by parameter.
        parameters: what all runs have in common; the rest is as for ``run_pipeline``.

    Raises:
        HandoffError: a wrong value, or too many combinations; nothing was run.
    """
    combinations = _combinations(mapped)
    seats = asyncio.Semaphore(jobs or os.cpu_count() or 1)
    runs = [
        _prepared(folder, parameters or {}, values, progress, force, timeout, kernel, environment)
        for values in combinations
    ]
    place = runs[0].place
    with only_run(place.folder):
        done = asyncio.run(_all(runs, combinations, seats, progress, stop))
    summary = ManyRuns(runs=done)
    write_record(place.folder / "evidence" / "map.json", summary)
    return summary


def _combinations(mapped: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    empty = next((name for name, values in mapped.items() if not values), None)
    if empty is not None:
        raise HandoffError(f"No value is given for {empty}.", f"Write --map {empty}=A,B.")
    found = [dict(zip(mapped, values, strict=True)) for values in itertools.product(*mapped.values())]
    if len(found) > _RUNS:
        raise HandoffError(f"These are {len(found):,} runs.", f"At most {_RUNS:,} go at once: give fewer values.")
    return found


def _prepared(
    folder: str | Path,
    parameters: Mapping[str, Any],
    values: Mapping[str, Any],
    progress: ProgressSink,
    force: bool,
    timeout: float | None,
    kernel: str | None,
    environment: Mapping[str, str] | None,
) -> Context:
    given = {**parameters, **values}
    common = prepare(folder, given, progress, force, 1, timeout, kernel, environment)
    given["run_dir"] = f"{common.values['run_dir']}/map/{folder_name(values)}"
    run = prepare(folder, given, progress, force, 1, timeout, kernel, environment)
    run.place = run.place.recording_in(run.place.run_dir)
    run.last = None
    run.progress = _part_of(progress, ", ".join(f"{name}={value}" for name, value in values.items()))
    run.ahead = Ahead(run.manifest.stages, run.ahead.prepare, run.ahead.fresh, count=0)  # Other runs fill the time.
    return run


def folder_name(values: Mapping[str, Any]) -> str:
    """``NAME=VALUE,NAME=VALUE`` as a folder's name, whatever the values; different values, different names."""
    from hashlib import sha256

    plain = ",".join(f"{name}={value}" for name, value in values.items())
    safe = "+".join(_UNSAFE.sub("_", f"{name}={value}") for name, value in values.items())[:100]
    return safe if safe == plain else f"{safe}-{sha256(plain.encode()).hexdigest()[:8]}"


def _part_of(progress: ProgressSink, run: str) -> ProgressSink:
    def sink(event: Progress) -> None:
        more = {name: getattr(event, name) for name in Progress.__dataclass_fields__}
        progress(Progress(**{**more, "part": f"{run}: {event.part}"}))

    return sink


async def _all(
    runs: Sequence[Context],
    combinations: Sequence[Mapping[str, Any]],
    seats: asyncio.Semaphore,
    progress: ProgressSink,
    stop: threading.Event | None,
) -> list[MappedRun]:
    done = 0

    async def one(run: Context, values: Mapping[str, Any]) -> MappedRun:
        nonlocal done
        found = MappedRun(values=dict(values), run_dir=run.place.shown(run.place.run_dir), status="cancelled")
        try:
            async with seats:
                began = time.monotonic()
                await _completed(run, found)
                found.seconds = round(time.monotonic() - began, 3)
        except asyncio.CancelledError:
            return found
        done += 1
        progress(Progress(step="run", status="running", done=done, total=len(runs), detail="runs"))
        return found

    tasks = [asyncio.create_task(one(run, values)) for run, values in zip(runs, combinations, strict=True)]
    try:
        async with stoppable(stop):
            await asyncio.wait(tasks)
    except asyncio.CancelledError:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    return [task.result() for task in tasks]


async def _completed(run: Context, found: MappedRun) -> None:
    try:
        record = await complete(run)
        found.status = "ok"
    except StageFailed as error:
        record, found.status, found.error = error.record, "failed", error.message
    except RunCancelled as error:
        record = error.record
    except HandoffError as error:
        found.status, found.error = "failed", f"{error.message} {error.hint}".strip()
        return
    found.stages = record.stages
    found.metrics = {each.name: each.pipeline for each in record.metrics if each.pipeline is not None}
