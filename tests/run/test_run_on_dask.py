"""Stages on a Dask cluster: the same results, also where a worker is killed; stopped, nothing is left running."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.progress import Progress
from handoff_ext.run import RunCancelled, StageFailed, run_on_dask, run_pipeline
from handoff_ext.run.cluster.store import Store
from tests.run.pipeline_cells import reads, writes

WritePipeline = Callable[..., Path]
slow = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50, processes=True
    ) as made:
        yield made


def _kernels() -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if any("ipykernel" in a for a in p.cmdline())]


@pytest.fixture
def table(write_pipeline: WritePipeline, tmp_path: Path) -> Path:
    """Reads a file that only this computer has, by a parameter; waits while a file ``wait`` is there."""
    wait = f"import time, pathlib\nwhile pathlib.Path({str(tmp_path / 'wait')!r}).exists(): time.sleep(0.1)"
    (tmp_path / "numbers.txt").write_text("1 2 3")
    return write_pipeline(
        {
            "read": {
                "parameters": 'run_dir: str = "run"\nnumbers: str = "../numbers.txt"',
                "c-read": "xs = [int(x) for x in open(numbers).read().split()]",
                "outputs": writes("read", "total", "xs"),
            },
            "total": {
                "parameters": 'run_dir: str = "run"',
                "inputs": reads("read", "total"),
                "c-wait": wait,
                "c-total": "total = sum(xs)",
            },
        },
        details={
            "read": {"writes": {"total": ["xs"]}, "parameters": ["numbers"]},
            "total": {"reads": {"read": ["xs"]}},
        },
        parameters=[{"name": "numbers", "type": "path", "default": "../numbers.txt", "stages": ["read"]}],
        metrics=[{"name": "total", "expression": "total", "stage": "total", "cell_id": "c-total"}],
    )


class TestOnACluster:
    pytestmark = slow

    def test_it_gives_what_a_run_here_gives(self, cluster: Any, slope: Path) -> None:
        told: list[Progress] = []
        record = run_on_dask(slope, cluster.scheduler_address, {"seed": 5}, told.append)
        capture = (slope / "run/model/capture.pkl").read_bytes()
        here = run_pipeline(slope, {"seed": 5}, force=True)
        assert [stage.status for stage in record.stages] == ["ok", "ok", "ok"]
        assert record.metrics == here.metrics and record.parameters == here.parameters
        assert all((slope / stage.notebook).is_file() for stage in record.stages)
        assert record.environment is not None and record.environment.distributions
        assert (slope / "run/model/capture.pkl").read_bytes() == capture
        assert {event.part for event in told} == {"load", "train", "evaluate"}

    def test_files_and_bundles_travel_through_a_store(self, cluster: Any, table: Path, tmp_path: Path) -> None:
        address = f"file://{tmp_path}/store"
        record = run_on_dask(table, cluster.scheduler_address, {"run_dir": address})
        assert [metric.pipeline for metric in record.metrics] == [6]
        assert pickle.loads((tmp_path / "store/read-total.pkl").read_bytes()) == {"xs": [1, 2, 3]}
        assert (table / record.stages[1].notebook).is_file()

    def test_a_killed_worker_costs_nothing_but_time(self, cluster: Any, table: Path, tmp_path: Path) -> None:
        (tmp_path / "wait").touch()
        killed: list[psutil.Process] = []

        def on(event: Progress) -> None:
            if event.part == "total" and event.done >= 2 and (tmp_path / "wait").exists():
                (tmp_path / "wait").unlink()
                killed.extend(w for w in psutil.Process().children(recursive=True) if _runs_a_kernel(w))
                killed[0].kill()

        record = run_on_dask(table, cluster.scheduler_address, progress=on)
        assert len(killed) == 1
        assert [stage.status for stage in record.stages] == ["ok", "ok"]
        assert [metric.pipeline for metric in record.metrics] == [6]

    def test_a_failing_stage_is_named_and_not_tried_again(self, cluster: Any, table: Path, tmp_path: Path) -> None:
        (tmp_path / "numbers.txt").write_text("1 b")
        with pytest.raises(StageFailed) as failed:
            run_on_dask(table, cluster.scheduler_address)
        assert (failed.value.stage.name, failed.value.stage.cell_id) == ("read", "c-read")
        assert [stage.name for stage in failed.value.record.stages] == ["read"]
        assert not (table / "run/read-total.pkl").exists()

    def test_stopping_ends_what_is_at_work(self, cluster: Any, table: Path, tmp_path: Path) -> None:
        (tmp_path / "wait").touch()
        stop = threading.Event()

        def on(event: Progress) -> None:
            if event.part == "total" and event.done >= 2:
                stop.set()

        with pytest.raises(RunCancelled) as stopped:
            run_on_dask(table, cluster.scheduler_address, progress=on, stop=stop)
        assert [stage.status for stage in stopped.value.record.stages] == ["ok", "cancelled"]
        assert _kernels() == []
        assert not list((table / "run").glob(".*stop"))


def _runs_a_kernel(process: psutil.Process) -> bool:
    try:
        return any("ipykernel" in " ".join(child.cmdline()) for child in process.children())
    except psutil.Error:
        return False


def test_no_cluster_is_one_sentence(slope: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("handoff_ext.run.cluster.running._CONNECT", "0.2s")
    with pytest.raises(HandoffError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        run_on_dask(slope, "tcp://127.0.0.1:9")
    with pytest.raises(HandoffError, match="No Dask scheduler answers at nonsense"):
        run_on_dask(slope, "nonsense")
    assert not (slope / "run").exists()


@pytest.mark.parametrize("scheme", ["", "file://", "memory://"])
def test_a_store_is_a_folder_or_any_that_fsspec_knows(scheme: str, tmp_path: Path) -> None:
    store = Store(f"{scheme}{tmp_path}/store")
    (tmp_path / "a").mkdir()
    (tmp_path / "a/one").write_text("1")
    store.put(tmp_path / "a/one", "x/one")
    store.put(tmp_path / "a", "all")
    assert store.get("x/one", tmp_path / "got/one") and (tmp_path / "got/one").read_text() == "1"
    assert store.get("all", tmp_path / "got") and (tmp_path / "got/one").is_file()
    assert not store.get("absent", tmp_path / "absent")
    store.mark("stop")
    assert store.has("stop")
    store.remove("stop")
    assert not store.has("stop")


def test_an_unknown_store_is_one_sentence() -> None:
    with pytest.raises(HandoffError, match=r"^nosuch: cannot be written to"):
        Store("nosuch://bucket/run")
