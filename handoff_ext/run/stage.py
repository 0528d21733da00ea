"""Run one stage: fresh kernel, papermill's notebook, what is to be taken out of it, and what it ran on."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

from handoff_ext.cells.read import read_notebook
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.evidence import StageRun
from handoff_ext.contracts.pipeline import Manifest, Stage
from handoff_ext.run.asking import NotAnswered, ask
from handoff_ext.run.caching import key_of, seen, still_good
from handoff_ext.run.captures import Captor, capture_stages
from handoff_ext.run.context import Context
from handoff_ext.run.environment import environment
from handoff_ext.run.executing import Ending, Execution, load, source_cell
from handoff_ext.run.harmless import only_defines
from handoff_ext.run.kernel import start_kernel, writes_files
from handoff_ext.run.parts import DeadKernelError, PapermillNotebookClient
from handoff_ext.run.preloading import imports
from handoff_ext.run.state import StageState, state_file, write_state


async def run_stage(run: Context, stage: Stage) -> None:
    """Run a stage, or find that it need not be repeated; its record goes to ``run.runs``. Failing is a record too.

    Raises:
        HandoffError: its notebook is gone.
        asyncio.CancelledError: the run was stopped.
    """
    if not (run.place.folder / stage.notebook).is_file():
        raise HandoffError(f"{stage.notebook} of {run.place.folder.name} is gone.", "Extract the pipeline again.")
    key = key_of(run, stage)
    record = StageRun(
        name=stage.name, status="cancelled", seconds=0.0, notebook=run.place.shown(run.place.executed(stage)), key=key
    )
    run.runs[stage.name] = record
    kept = await asyncio.to_thread(still_good, run, stage, key)
    if kept is not None:
        run.ahead.not_needed(stage)
        record.status, run.states[stage.name] = "cached", kept
        record.memory_mb, record.seconds = kept.memory_mb, kept.seconds
    else:
        began = time.monotonic()
        try:
            await _run(run, stage, record, began)
        except HandoffError as error:  # The kernel does not start, or the disk is full.
            record.status, record.error = "failed", f"{error.message} {error.hint}".strip()
        finally:
            record.seconds = round(time.monotonic() - began, 3)
            if record.status != "ok":
                clear(run, stage)
    run.tell(stage, record.status, seconds=record.seconds, detail=record.error)


async def prepare(run: Context, stage: Stage) -> Execution:
    """A fresh kernel in which the stage's notebook has begun: its imports and definitions, nothing that could matter.

    Raises:
        HandoffError: the kernel does not start.
    """
    given = {name: value for name, value in run.given.items() if name in {*stage.parameters, "run_dir"}}
    captor = _captor(run, stage)

    def harmless(cell: Any) -> bool:
        if captor.due(source_cell(cell)):
            return False
        return cell.cell_type != "code" or only_defines(cell.source, run.place.folder)

    needed = imports(code(run, stage), run.place.folder) if run.nursery is not None else []
    for attempt in (harmless, lambda _: False):
        kernel = await start_kernel(run.kernel, run.place.folder, run.variables, run.nursery, needed)
        try:
            notebook = load(run.place.folder / stage.notebook, given)
            execution = Execution(notebook, kernel, run.place.executed(stage), run.redact)
            with contextlib.suppress(NotAnswered, DeadKernelError):
                await ask(execution.client, "trace", {})
            if await execution.begin(attempt, run.timeout):
                return execution
        except BaseException:
            await kernel.stop(now=True)
            raise
        # Its turn had not come: what failed now may go well then.
        await kernel.stop(now=True)
    raise AssertionError("an execution that begins with nothing has begun")


def code(run: Context, stage: Stage) -> list[str]:
    """The code of the stage's cells; none where its notebook is gone."""
    file = run.place.folder / stage.notebook
    return [cell.source for cell in read_notebook(file).code] if file.is_file() else []


async def fresh(execution: Execution) -> bool:
    """Whether what the execution read before its turn is still the same."""
    try:
        return not await ask(execution.client, "fresh", {})
    except (NotAnswered, DeadKernelError):
        return False


async def _run(run: Context, stage: Stage, record: StageRun, began: float) -> None:
    clear(run, stage)
    run.tell(stage, "running", detail="starting")
    captor = _captor(run, stage)

    async def after(client: PapermillNotebookClient, cell: Any) -> None:
        await captor.after(client, source_cell(cell))

    def on_cell(done: int, total: int) -> None:
        run.tell(stage, "running", done=done, total=total, seconds=time.monotonic() - began)

    execution = await run.ahead.take(stage)
    try:
        ending = await execution.finish(after, on_cell, run.timeout)
        needed = capture_stages(run.manifest)
        if not ending.error and stage.name in needed and needed <= {*run.states, stage.name}:
            await captor.assemble(execution.client)
    except DeadKernelError:
        ending = Ending("The kernel ended by itself after the last cell.")
    except BaseException:
        await run.ahead.give_back(execution.kernel, now=True)
        raise
    record.error, record.cell_id = ending.error, ending.cell_id
    record.status = "failed" if ending.error else "ok"
    if ending.error:
        await run.ahead.give_back(execution.kernel, now=True)
        return
    state = run.states[stage.name] = StageState(key=record.key, metrics=captor.taken.metrics)
    state.seconds = round(time.monotonic() - began, 3)
    tail = asyncio.create_task(_end(run, stage, execution, captor, record, state))
    run.tails.append(tail)
    if writes_files(execution.kernel):
        await asyncio.shield(tail)  # What is not yet written out, another stage may read.


async def _end(
    run: Context, stage: Stage, execution: Execution, captor: Captor, record: StageRun, state: StageState
) -> None:
    """What is still to be had from the kernel once the stage has ended, while others may already run."""
    try:
        facts = await ask(execution.client, "probe", {})
        record.memory_mb = state.memory_mb = round(facts["memory_mb"], 1)
    except (NotAnswered, DeadKernelError) as error:
        facts = None
        captor.taken.problems["environment"] = str(error)
    finally:
        await run.ahead.give_back(execution.kernel)
    if facts is not None:
        state.environment = await asyncio.to_thread(environment, facts)
        await asyncio.to_thread(seen, run, stage, facts, state)
    state.problems = {what: run.redact(why) for what, why in captor.taken.problems.items()}
    write_state(run.place, stage.name, state)


def _captor(run: Context, stage: Stage) -> Captor:
    cells = [
        source_cell(cell) for cell in load(run.place.folder / stage.notebook, {}).cells if cell.cell_type == "code"
    ]
    return Captor(run.manifest, stage.name, run.place.model, cells)


def fits(manifest: Manifest, stage: Stage) -> bool:
    """Whether the model is fitted there."""
    model = manifest.model
    return model is not None and model.train is not None and model.train.stage == stage.name


def clear(run: Context, stage: Stage) -> None:
    """Take away what the stage left: nothing behind it may read something stale, or half of something."""
    state_file(run.place, stage.name).unlink(missing_ok=True)
    if fits(run.manifest, stage):
        run.place.learned.unlink(missing_ok=True)
    for reader in stage.writes:
        run.place.bundle(stage.name, reader).unlink(missing_ok=True)
