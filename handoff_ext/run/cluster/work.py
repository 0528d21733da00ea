"""What a Dask worker does: one stage, in a folder of its own, with all that a run here gives it."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from handoff_ext.contracts.evidence import StageRun
from handoff_ext.contracts.pipeline import Manifest, Stage
from handoff_ext.contracts.progress import Progress
from handoff_ext.run.ahead import Ahead
from handoff_ext.run.captures import capture_stages
from handoff_ext.run.cluster.store import Store
from handoff_ext.run.context import Context
from handoff_ext.run.folder import RunFolder
from handoff_ext.run.runner import prepare
from handoff_ext.run.stage import fits, run_stage
from handoff_ext.run.state import StageState, read_state, state_file

_SCRATCH = "scratch"
_LOOK_EVERY = 2.0


@dataclass(frozen=True)
class Order:
    """One stage to be run. ``files`` are the pipeline's own, by path; ``inputs`` name what the store holds for
    parameters that are files here; ``topic`` is where progress is told."""

    stage: str
    store: str
    files: Mapping[str, bytes]
    given: Mapping[str, Any]
    inputs: Mapping[str, str]
    kernel: str | None
    timeout: float | None
    variables: Mapping[str, str]
    topic: str


@dataclass(frozen=True)
class Answer:
    """How it went: both are JSON of the contracts, so that versions of pydantic may differ."""

    run: str
    state: str


def work(order: Order) -> Answer:
    """Run the stage; a stage that fails is an answer, not an exception, so that it is not tried again.

    Raises:
        OSError: the store cannot be reached; Dask tries again.
    """
    _tell(order.topic, Progress(step="run", status="running", part=order.stage, detail="starting"))
    with tempfile.TemporaryDirectory(prefix="handoff-stage-") as aside:
        folder = Path(aside) / "pipeline"
        for name, content in order.files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        store = Store(order.store)
        given = {**order.given, "run_dir": _SCRATCH}
        for parameter, name in order.inputs.items():
            target = Path(aside) / name
            store.get(name, target)
            given[parameter] = str(target)
        run = prepare(
            folder,
            given,
            lambda event: _tell(order.topic, event),
            True,
            1,
            order.timeout,
            order.kernel,
            order.variables,
        )
        stage = next(each for each in run.manifest.stages if each.name == order.stage)
        run.nursery = None  # It is only one.
        run.ahead = Ahead([stage], run.ahead.prepare, run.ahead.fresh, count=0)
        _fetch(store, run.manifest, run.place, stage)
        run.states = {name: StageState() for name in _taken_before(run.manifest, stage)}

        asyncio.run(_stage(run, stage, store, stop_mark(order.topic)))
        record = run.runs[stage.name]
        if fits(run.manifest, stage):
            store.remove(run.place.learned.name)  # of an earlier run
        _keep(store, run.place, stage, record)
        state = read_state(run.place, stage.name) or StageState()
        return Answer(record.model_dump_json(), state.model_dump_json())


async def _stage(run: Context, stage: Stage, store: Store, mark: str) -> None:
    """Run it, unless the store says to stop: Dask takes back what waits, but not what is at work."""

    async def whole() -> None:
        await run_stage(run, stage)
        await asyncio.gather(*run.tails)

    task = asyncio.create_task(whole())
    try:
        while not (await asyncio.wait({task}, timeout=_LOOK_EVERY))[0]:
            if await asyncio.to_thread(store.has, mark):
                task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    finally:
        await run.ahead.close()


def stop_mark(topic: str) -> str:
    """The file in the store that says to stop."""
    return f".{topic}.stop"


def after(manifest: Manifest, stage: Stage) -> list[str]:
    """The stages that must have ended: those it reads from, and for the last part of the capture all other parts."""
    needed = [*stage.after, *_taken_before(manifest, stage)]
    return list(dict.fromkeys(needed))


def _taken_before(manifest: Manifest, stage: Stage) -> list[str]:
    parts = capture_stages(manifest)
    order = [each.name for each in manifest.stages if each.name in parts]
    return order[:-1] if order and stage.name == order[-1] else []


def _fetch(store: Store, manifest: Manifest, place: RunFolder, stage: Stage) -> None:
    for giver in stage.after:
        bundle = place.bundle(giver, stage.name)
        store.get(bundle.name, bundle)
    if _taken_before(manifest, stage):
        store.get("model", place.model)


def _keep(store: Store, place: RunFolder, stage: Stage, record: StageRun) -> None:
    for reader in stage.writes:
        bundle = place.bundle(stage.name, reader)
        if bundle.is_file():
            store.put(bundle, bundle.name)
    for path in (place.executed(stage), place.model, place.learned, state_file(place, stage.name)):
        if path.exists():
            store.put(path, path.relative_to(place.run_dir).as_posix())
    if record.status != "ok":
        for reader in stage.writes:
            store.remove(place.bundle(stage.name, reader).name)


def _tell(topic: str, event: Progress) -> None:
    from distributed import get_worker

    get_worker().log_event(topic, asdict(event))
