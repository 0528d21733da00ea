"""Run one stage: fresh kernel, papermill's notebook, what is to be taken out of it, and what it ran on."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.evidence import StageRun
from handoff_ext.contracts.pipeline import Stage
from handoff_ext.run.asking import NotAnswered, ask
from handoff_ext.run.caching import key_of, seen, still_good
from handoff_ext.run.captures import Captor, capture_stages
from handoff_ext.run.context import Context
from handoff_ext.run.environment import environment
from handoff_ext.run.executing import Ending, client_for, execute, load, source_cell
from handoff_ext.run.state import StageState, state_file, write_state


async def run_stage(run: Context, stage: Stage) -> None:
    """Run a stage, or find that it need not be repeated; its record goes to ``run.runs``. Failing is a record too.

    Raises:
        HandoffError: its notebook is gone or the kernel does not start.
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
    state = kept or StageState(key=key)
    if kept is not None:
        run.kernels.not_needed()
        record.status = "cached"
    else:
        began = time.monotonic()
        try:
            ending = await _run(run, stage, state, began)
            record.status = "failed" if ending.error else "ok"
            record.error, record.cell_id = ending.error, ending.cell_id
        finally:
            record.seconds = state.seconds = round(time.monotonic() - began, 3)
        if record.status == "ok":
            write_state(run.place, stage.name, state)
    record.memory_mb, record.seconds = state.memory_mb, state.seconds
    if record.status != "failed":
        run.states[stage.name] = state
    run.tell(stage, record.status, seconds=record.seconds, detail=record.error)


async def _run(run: Context, stage: Stage, state: StageState, began: float) -> Ending:
    _clear(run, stage)
    run.tell(stage, "running", detail="starting")
    given = {name: value for name, value in run.given.items() if name in {*stage.parameters, "run_dir"}}

    async def after(client: PapermillNotebookClient, cell: Any) -> None:
        await captor.after(client, source_cell(cell))

    def on_cell(done: int, total: int) -> None:
        run.tell(stage, "running", done=done, total=total, seconds=time.monotonic() - began)

    kernel = await run.kernels.take()
    good = False
    try:
        notebook = load(run.place.folder / stage.notebook, given)
        captor = Captor(run.manifest, stage.name, run.place.model, [source_cell(c) for c in _code(notebook)])
        client = client_for(notebook, kernel, run.place.executed(stage), run.redact)
        with contextlib.suppress(NotAnswered):
            await ask(client, "trace", {})
        ending = await execute(client, kernel, after, on_cell, run.timeout)
        if not ending.error:
            ending = await _take(run, stage, client, captor, state)
        good = not ending.error
    finally:
        await run.kernels.give_back(kernel, now=not good)
    return ending


async def _take(
    run: Context, stage: Stage, client: PapermillNotebookClient, captor: Captor, state: StageState
) -> Ending:
    """What is still to be had from the kernel once all cells have run."""
    needed = capture_stages(run.manifest)
    try:
        if stage.name in needed and needed <= {*run.states, stage.name}:
            await captor.assemble(client)
        facts = await ask(client, "probe", {})
        state.environment = await asyncio.to_thread(environment, facts)
        state.memory_mb = round(facts["memory_mb"], 1)
        await asyncio.to_thread(seen, run, stage, facts, state)
    except NotAnswered as error:
        captor.taken.problems["environment"] = str(error)
        state.opaque = "unknown"
    except DeadKernelError:
        return Ending("The kernel ended by itself after the last cell.")
    state.metrics = captor.taken.metrics
    state.problems = {what: run.redact(why) for what, why in captor.taken.problems.items()}
    return Ending()


def _clear(run: Context, stage: Stage) -> None:
    """Take away what the stage left before: nothing behind it may read something stale."""
    state_file(run.place, stage.name).unlink(missing_ok=True)
    for reader in stage.writes:
        run.place.bundle(stage.name, reader).unlink(missing_ok=True)


def _code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]
