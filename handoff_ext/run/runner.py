"""Run a pipeline: stages in dependency order, side by side where they can, each in a kernel of its own."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from handoff_ext.contracts.evidence import MeasuredMetric, RunRecord
from handoff_ext.contracts.pipeline import Stage
from handoff_ext.contracts.progress import ProgressSink, silent
from handoff_ext.run.ahead import Ahead
from handoff_ext.run.context import Context
from handoff_ext.run.environment import merged
from handoff_ext.run.failures import RunCancelled, StageFailed
from handoff_ext.run.folder import RunFolder, read_record, write_record
from handoff_ext.run.kernel import check_kernel
from handoff_ext.run.lock import only_run
from handoff_ext.run.manifest import read_pipeline
from handoff_ext.run.nursery import Nursery
from handoff_ext.run.parameters import effective, typed
from handoff_ext.run.preloading import imports
from handoff_ext.run.secrets import redactor
from handoff_ext.run.signatures import digest
from handoff_ext.run.stage import code as stage_code
from handoff_ext.run.stage import fresh, run_stage
from handoff_ext.run.stage import prepare as make_ready
from handoff_ext.run.stopping import stoppable

_LAST_WORDS = 20.0


def run_pipeline(
    folder: str | Path,
    parameters: Mapping[str, Any] | None = None,
    progress: ProgressSink = silent,
    force: bool = False,
    jobs: int = 0,
    timeout: float | None = None,
    kernel: str | None = None,
    environment: Mapping[str, str] | None = None,
    stop: threading.Event | None = None,
) -> RunRecord:
    """Run the pipeline in ``folder`` and write ``evidence/run.json``.

    Args:
        folder: the pipeline's folder, which is also every kernel's working folder.
        parameters: values by name, typed or as text; paths are relative to ``folder``.
        progress: told about every stage and cell.
        force: run unchanged stages too.
        jobs: how many stages may run side by side; 0: as many as there are processors.
        timeout: seconds a stage may take.
        kernel: the kernel to run on instead of the pipeline's own.
        environment: variables that kernels get besides ours; their values are kept out of every record.
        stop: set it to stop the run; SIGINT and SIGTERM do the same.

    Raises:
        StageFailed: a stage failed; the record is written all the same.
        RunCancelled: it was stopped; no kernel is left behind.
        HandoffError: wrong parameters, no such kernel, or another run is under way; nothing was run.
    """
    run = prepare(folder, parameters, progress, force, jobs, timeout, kernel, environment)
    with only_run(run.place.folder):
        return asyncio.run(_stoppable(run, stop))


def prepare(
    folder: str | Path,
    parameters: Mapping[str, Any] | None,
    progress: ProgressSink,
    force: bool,
    jobs: int,
    timeout: float | None,
    kernel: str | None,
    environment: Mapping[str, str] | None,
) -> Context:
    """Check all that can be checked before anything runs.

    Raises:
        HandoffError: as ``run_pipeline``.
    """
    place = Path(folder).resolve()
    manifest = read_pipeline(place)
    given = typed(manifest, parameters or {})
    values = effective(manifest, given)
    name = kernel or manifest.kernel
    command = check_kernel(name)
    variables = dict(environment or {})
    run = Context(
        manifest=manifest,
        place=RunFolder(place, place / values["run_dir"]),
        given=given,
        values=values,
        kernel=name,
        command=command,
        progress=progress,
        redact=redactor(variables.values()),
        force=force,
        timeout=timeout,
        seats=asyncio.Semaphore(jobs or os.cpu_count() or 1),
        variables=variables,
        last=read_record(place),
    )
    if len(manifest.stages) > 1:
        run.nursery = Nursery(imports(_sources(run), place))
    run.ahead = Ahead(manifest.stages, partial(make_ready, run), fresh)
    return run


def _sources(run: Context) -> Iterator[str]:
    for module in ("definitions.py", "features.py"):
        if (run.place.folder / module).is_file():
            yield (run.place.folder / module).read_text(encoding="utf-8")
    for stage in run.manifest.stages:
        yield from stage_code(run, stage)


async def _stoppable(run: Context, stop: threading.Event | None) -> RunRecord:
    task = asyncio.create_task(complete(run))
    try:
        async with stoppable(stop):
            return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.cancel()
        return await task


async def complete(run: Context) -> RunRecord:
    """Run all stages and write the record, also where the run failed or is cancelled.

    Raises:
        StageFailed: a stage failed.
        RunCancelled: the task was cancelled.
    """
    stopped = False
    try:
        await _stages(run)
        await asyncio.gather(*run.tails)
    except asyncio.CancelledError:
        stopped = True
    finally:
        await _last_words(run)
        await run.ahead.close()
        if run.nursery is not None:
            await run.nursery.close()
    record = record_of(run)
    write_record(run.place.record, record)
    failed = any(stage.status == "failed" for stage in record.stages)
    if stopped:
        raise RunCancelled(record)
    if failed:
        raise StageFailed(record, run.place.folder)
    return record


async def _last_words(run: Context) -> None:
    """Let stages that have ended keep what they did, so that it is not repeated."""
    if run.tails:
        _, late = await asyncio.wait(run.tails, timeout=_LAST_WORDS)
        for tail in late:
            tail.cancel()


async def _stages(run: Context) -> None:
    """Each stage begins once those it needs have ended well; the first failure ends the run."""
    tasks: dict[str, asyncio.Task[bool]] = {}

    async def one(stage: Stage) -> bool:
        if not all([await tasks[name] for name in stage.after]):
            return False
        async with run.seats:
            await run_stage(run, stage)
        return run.runs[stage.name].status in ("ok", "cached")

    for stage in run.manifest.stages:
        tasks[stage.name] = asyncio.create_task(one(stage))
    try:
        for ended in asyncio.as_completed(tasks.values()):
            if not await ended:
                return
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)


def record_of(run: Context) -> RunRecord:
    """What the run came to so far."""
    order = [stage.name for stage in run.manifest.stages]
    measured = {name: value for state in run.states.values() for name, value in state.metrics.items()}
    found = (run.states[name].environment for name in order if name in run.states)
    record = RunRecord(
        hash=run.manifest.source.hash,
        parameters=dict(run.values),
        stages=[run.runs[name] for name in order if name in run.runs],
        metrics=[MeasuredMetric(name=m.name, pipeline=measured.get(m.name)) for m in run.manifest.metrics],
        environment=merged(one for one in found if one is not None),
        inputs=_inputs(run),
        problems={what: why for name in order if name in run.states for what, why in run.states[name].problems.items()},
    )
    last = run.last
    unchanged = (
        last is not None
        and (last.hash, last.parameters) == (record.hash, record.parameters)
        and all(stage.status == "cached" for stage in record.stages)
    )
    # What was proven then still holds.
    return record.model_copy(update={"proof": last.proof, "metrics": last.metrics}) if last and unchanged else record


def _inputs(run: Context) -> dict[str, str]:
    """The content of the files that parameters name."""
    found = {}
    for parameter in run.manifest.parameters:
        value = run.values.get(parameter.name)
        path = run.place.folder / value if parameter.type == "path" and isinstance(value, str) else None
        if path is not None and path.is_file():
            found[parameter.name] = digest(path)
    return found
