"""Prove that a pipeline computes what its notebook computes."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from handoff_ext.cells.model import Notebook
from handoff_ext.cells.read import read_notebook
from handoff_ext.contracts.errors import Cancelled
from handoff_ext.contracts.evidence import MeasuredMetric, Proof, RunRecord
from handoff_ext.contracts.progress import Progress, ProgressSink, StepStatus, silent
from handoff_ext.run.comparing import Tally, compare_metrics, compare_outputs, compare_values
from handoff_ext.run.context import Context
from handoff_ext.run.crossings import crossings
from handoff_ext.run.folder import write_record
from handoff_ext.run.lock import only_run
from handoff_ext.run.manifest import source_notebook
from handoff_ext.run.mirror import mirror
from handoff_ext.run.reference import Reference, run_notebook
from handoff_ext.run.runner import complete, prepare
from handoff_ext.run.stopping import stoppable
from handoff_ext.run.verdict import proof

_AGAIN = 2
"""How often a notebook runs once more where the pipeline differs, before that is said: what is drawn without a seed can
come out alike twice."""


def prove(
    folder: str | Path,
    notebook: str | Path | None = None,
    progress: ProgressSink = silent,
    parameters: Mapping[str, Any] | None = None,
    force: bool = False,
    jobs: int = 0,
    timeout: float | None = None,
    kernel: str | None = None,
    environment: Mapping[str, str] | None = None,
    stop: threading.Event | None = None,
) -> Proof:
    """Run the notebook twice and the pipeline once, from the same clean start, and compare what they compute.

    The notebook runs on a copy of its folder; where the pipeline differs, up to two times more, since what is drawn
    without a seed can come out alike twice. Stages that are unchanged since the last run are not repeated. The proof
    goes into ``evidence/run.json``.

    Args:
        folder: the pipeline's folder.
        notebook: the notebook it was extracted from (the fixed copy, where there is one); None: found by its name.
        parameters: as for ``run_pipeline``; the notebook gets them too.

    Raises:
        NotebookFailed: the notebook does not run from top to bottom.
        StageFailed: a stage failed.
        Cancelled: it was stopped; no kernel is left behind.
        HandoffError: as ``run_pipeline``.
    """
    return run_and_prove(folder, notebook, progress, parameters, force, jobs, timeout, kernel, environment, stop)[0]


def run_and_prove(
    folder: str | Path,
    notebook: str | Path | None = None,
    progress: ProgressSink = silent,
    parameters: Mapping[str, Any] | None = None,
    force: bool = False,
    jobs: int = 0,
    timeout: float | None = None,
    kernel: str | None = None,
    environment: Mapping[str, str] | None = None,
    stop: threading.Event | None = None,
) -> tuple[Proof, RunRecord]:
    """As ``prove``, with the record of the pipeline's run."""
    run = prepare(folder, parameters, progress, force, jobs, timeout, kernel, environment)
    source = read_notebook(notebook or source_notebook(run.place.folder, run.manifest))
    with only_run(run.place.folder), tempfile.TemporaryDirectory(prefix="handoff-proof-") as aside:
        return asyncio.run(_prove(run, source, Path(aside), stop))


async def _prove(run: Context, source: Notebook, aside: Path, stop: threading.Event | None) -> tuple[Proof, RunRecord]:
    began = time.monotonic()
    try:
        async with stoppable(stop):
            record, runs = await _all_runs(run, source, aside)
            run.progress(_progress("running", "comparing", began))
            tally = await _compared(run, source, record, runs)
            for number in range(3, 3 + _AGAIN):
                if not tally.different:
                    break
                once_more = await _reference(run, source, aside, number)
                tally.settle(await _compared(run, source, record, (runs[0], once_more)))
    except asyncio.CancelledError:
        raise Cancelled("The comparison was stopped.", "Run it again; nothing was changed.") from None
    found = proof(run.manifest, tally, time.monotonic() - began)
    record.proof = found
    record.metrics = [
        MeasuredMetric(name=metric.name, pipeline=metric.pipeline, notebook=runs[0].metrics.get(metric.name))
        for metric in record.metrics
    ]
    write_record(run.place.record, record)
    return found, record


async def _compared(run: Context, source: Notebook, record: RunRecord, runs: tuple[Reference, Reference]) -> Tally:
    """All that two runs of the notebook and the pipeline's left, compared."""
    tally = Tally()
    compare_metrics(run.manifest, runs, record, tally)
    assert record.environment is not None
    crossing = crossings(run.manifest, source)
    variables = {**os.environ, **run.variables}
    await compare_values(run.manifest, run.place, runs, crossing, record.environment.executable, variables, tally)
    compare_outputs(run.manifest, run.place, runs, tally)
    return tally


async def _all_runs(run: Context, source: Notebook, aside: Path) -> tuple[RunRecord, tuple[Reference, Reference]]:
    """The pipeline's run and the notebook's two, side by side as far as processors and memory allow."""
    seats = asyncio.Semaphore(_side_by_side(run))

    async def reference(number: int) -> Reference:
        async with seats:
            return await _reference(run, source, aside, number)

    pipeline = asyncio.create_task(complete(run))
    notebooks = asyncio.create_task(reference(1)), asyncio.create_task(reference(2))
    tasks: list[asyncio.Task[Any]] = [pipeline, *notebooks]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
        return pipeline.result(), (notebooks[0].result(), notebooks[1].result())
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _reference(run: Context, source: Notebook, aside: Path, number: int) -> Reference:
    """One run of the notebook, in a copy of its folder."""
    began = time.monotonic()
    crossing = crossings(run.manifest, source)
    code = [cell.source for cell in source.code]
    folder = aside / str(number)
    (folder / "copy").mkdir(parents=True)
    own = Path(source.path).resolve().parent
    cwd = await asyncio.to_thread(mirror, own, folder / "copy", code, run.place.folder)

    def on_cell(done: int, total: int) -> None:
        run.progress(_progress("running", f"notebook, run {number}", began, done, total))

    given = _for_notebook(run)
    return await run_notebook(
        source, run.manifest, crossing, folder, cwd, run.kernel, run.variables, given, run.redact, on_cell
    )


def _side_by_side(run: Context) -> int:
    """How many runs of the notebook at once: two where there are processors and memory for them."""
    last = max((stage.memory_mb for stage in run.last.stages), default=0.0) if run.last else 0.0
    enough = psutil.virtual_memory().available > 4 * last * 2**20
    return 2 if enough and (os.cpu_count() or 1) > 1 else 1


def _for_notebook(run: Context) -> dict[str, Any]:
    """The given parameters as the notebook needs them: it runs elsewhere, so paths become absolute."""
    paths = {parameter.name for parameter in run.manifest.parameters if parameter.type == "path"}
    return {
        name: str(run.place.folder / value) if name in paths and value is not None else value
        for name, value in run.given.items()
        if name != "run_dir"
    }


def _progress(status: StepStatus, part: str, began: float, done: int = 0, total: int = 0) -> Progress:
    return Progress(step="prove", status=status, part=part, done=done, total=total, seconds=time.monotonic() - began)
