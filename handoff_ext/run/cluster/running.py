"""Send a pipeline's stages to a Dask cluster and gather what they answer."""

from __future__ import annotations

import contextlib
import hashlib
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.evidence import RunRecord, StageRun
from handoff_ext.contracts.progress import Progress, ProgressSink, silent
from handoff_ext.run.cluster.store import Store, is_address
from handoff_ext.run.cluster.work import Answer, Order, after, stop_mark, work
from handoff_ext.run.context import Context
from handoff_ext.run.failures import RunCancelled, StageFailed
from handoff_ext.run.folder import write_record
from handoff_ext.run.lock import only_run
from handoff_ext.run.runner import prepare, record_of
from handoff_ext.run.state import StageState

_RETRIES = 2
"""How often a stage is tried again where its worker or the store fails; a stage whose own code fails is not."""
_CONNECT = "15s"
_LOOK_EVERY = 0.2
_LAST_WORDS = 30.0
_NOT_SENT = {"evidence", ".base", "run", "__pycache__", ".ci", "wheels"}


def run_on_dask(
    folder: str | Path,
    address: str,
    parameters: Mapping[str, Any] | None = None,
    progress: ProgressSink = silent,
    timeout: float | None = None,
    kernel: str | None = None,
    environment: Mapping[str, str] | None = None,
    stop: threading.Event | None = None,
) -> RunRecord:
    """Run the pipeline's stages on the workers of the Dask scheduler at ``address``; writes ``evidence/run.json``.

    ``run_dir`` is where stages leave what they hand on: a folder that all workers see, or a URL that fsspec knows
    (``s3://bucket/run``); with a URL, executed notebooks and the captured model are copied here in the end. Files that
    parameters name travel through it. Workers need this program and the kernel. Every stage runs each time.

    Raises:
        StageFailed, RunCancelled, HandoffError: as ``run_pipeline``; also where the cluster cannot be reached.
    """
    try:
        from distributed import Client
    except ImportError:
        raise HandoffError("Dask is not installed.", "Install it: pip install 'handoff-ext[dask]'") from None
    given = dict(parameters or {})
    store_at = given.pop("run_dir", None)
    run = prepare(folder, given, progress, True, 0, timeout, kernel, environment)
    at = str(store_at or run.manifest.run_dir)
    store_at = at if is_address(at) else str((run.place.folder / at).resolve())
    if not is_address(at):
        run.place = replace(run.place, run_dir=Path(store_at))
        run.values = {**run.values, "run_dir": at}
    try:
        client: Any = Client(address, timeout=_CONNECT)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise HandoffError(f"No Dask scheduler answers at {address}: {error}.", "Start one: dask scheduler") from None
    with only_run(run.place.folder), client:
        return _run(run, client, store_at, kernel, stop)


def _run(run: Context, client: Any, store_at: str, kernel: str | None, stop: threading.Event | None) -> RunRecord:
    store = Store(store_at)
    topic = f"handoff-{uuid.uuid4().hex}"
    client.subscribe_topic(topic, lambda event: _relay(run.progress, event))
    order = Order("", store_at, _files(run), dict(run.given), _inputs(run, store), kernel, run.timeout, {}, topic)
    order = replace(order, variables=dict(run.variables))
    futures: dict[str, Any] = {}
    for stage in run.manifest.stages:
        before = [futures[name] for name in after(run.manifest, stage)]
        call = (_unless_failed, replace(order, stage=stage.name), *before)
        futures[stage.name] = client.submit(*call, retries=_RETRIES, pure=False, key=f"{topic}-{stage.name}")
    stopped = _gather(run, futures, stop, lambda: store.mark(stop_mark(topic)))
    if stopped:
        client.cancel(list(futures.values()), force=True)
        store.remove(stop_mark(topic))
    if is_address(store_at):
        for name in ("executed", "model", "state", run.place.learned.name):
            store.get(name, run.place.run_dir / name)
    record = record_of(run)
    write_record(run.place.record, record)
    if stopped:
        raise RunCancelled(record)
    if any(stage.status == "failed" for stage in record.stages):
        raise StageFailed(record, run.place.folder)
    return record


def _unless_failed(order: Order, *before: Answer | None) -> Answer | None:
    """Nothing behind a stage that failed runs."""
    done = [StageRun.model_validate_json(each.run).status == "ok" if each else False for each in before]
    return work(order) if all(done) else None


def _gather(run: Context, futures: Mapping[str, Any], stop: threading.Event | None, say: Callable[[], None]) -> bool:
    """Wait for all stages; true where the run was stopped: then those at work are told by ``say`` and awaited."""
    left = dict(futures)
    until = None
    with _stopping() as asked:
        while left and (until is None or time.monotonic() < until):
            ended = [name for name, future in left.items() if future.done()]
            for name in ended:
                _answered(run, name, left.pop(name))
            if until is None and (asked.is_set() or (stop is not None and stop.is_set())):
                until = time.monotonic() + _LAST_WORDS
                say()
            if left and not ended:
                time.sleep(_LOOK_EVERY)
            if until is not None and any(each.status == "cancelled" for each in run.runs.values()):
                break
    return until is not None


def _answered(run: Context, name: str, future: Any) -> None:
    stage = next(each for each in run.manifest.stages if each.name == name)
    try:
        answer = future.result()
    except Exception as error:  # The worker, the store or Dask itself, after all retries.
        said = " ".join(str(error).split())[:160]
        run.runs[name] = _record(run, name, "failed", f"The cluster could not run it: {type(error).__name__}: {said}")
    else:
        if answer is None:
            return
        run.runs[name] = found = StageRun.model_validate_json(answer.run)
        found.notebook = run.place.shown(run.place.executed(stage))
        if found.status == "ok":
            run.states[name] = StageState.model_validate_json(answer.state)
    run.tell(stage, run.runs[name].status, seconds=run.runs[name].seconds, detail=run.runs[name].error)


def _record(run: Context, name: str, status: Any, error: str = "") -> StageRun:
    stage = next(each for each in run.manifest.stages if each.name == name)
    notebook = run.place.shown(run.place.executed(stage))
    return StageRun(name=name, status=status, seconds=0.0, notebook=notebook, error=error)


def _files(run: Context) -> dict[str, bytes]:
    """The pipeline's own files, which travel to the workers."""
    folder = run.place.folder
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in found
        if not _NOT_SENT & set(path.relative_to(folder).parts) and not path.is_relative_to(run.place.run_dir)
    }


def _inputs(run: Context, store: Store) -> dict[str, str]:
    """Put files that parameters name into the store; their names there, by parameter."""
    found = {}
    for parameter in run.manifest.parameters:
        value = run.values.get(parameter.name)
        if parameter.type != "path" or parameter.name == "run_dir" or not isinstance(value, str) or is_address(value):
            continue
        path = run.place.folder / Path(value).expanduser()
        if path.exists():
            state = f"{path.resolve()}\0{path.stat().st_size}\0{path.stat().st_mtime_ns}"
            name = f"inputs/{hashlib.sha256(state.encode()).hexdigest()[:16]}/{path.name}"
            store.put(path, name)
            found[parameter.name] = name
    return found


def _relay(progress: ProgressSink, event: Any) -> None:
    _, told = event  # Dask adds which worker it was.
    made = Progress(**{name: told[name] for name in Progress.__dataclass_fields__})
    if made.status == "running":
        progress(made)


@contextlib.contextmanager
def _stopping() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; the old handlers come back."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    old = {number: signal.signal(number, lambda *_: asked.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
