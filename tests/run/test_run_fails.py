"""Runs that end badly: one sentence, the cell named, the executed notebook complete up to there."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.progress import Progress
from handoff_ext.run import RunCancelled, StageFailed, run_pipeline
from handoff_ext.run.folder import read_record

WritePipeline = Callable[..., Path]


def _kernels() -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if any("ipykernel" in a for a in p.cmdline())]


def _runs(pid: int) -> bool:
    """Whether it lives; what is killed and only waits for its parent to look does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _outputs(folder: Path, name: str, cell: str) -> list[Any]:
    whole = nbformat.read(folder / name, as_version=4)
    return next(list(one.outputs) for one in whole.cells if one.get("id") == cell)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ('print("so far")\n{}["x"]', "KeyError: 'x'"),
        ('print("so far")\nimport sys\nsys.exit(0)', "The cell ended Python (sys.exit)."),
        (
            'print("so far", flush=True)\nimport os, time\ntime.sleep(0.5)\nos.kill(os.getpid(), 9)',
            "The kernel was killed, most likely because memory ran out.",
        ),
        ('print("so far", flush=True)\nimport os, time\ntime.sleep(0.5)\nos._exit(3)', "The kernel ended by itself."),
    ],
    ids=["exception", "sys.exit", "killed", "gone"],
)
def test_a_failing_cell_is_named(write_pipeline: WritePipeline, source: str, error: str) -> None:
    folder = write_pipeline({"one": {"good": "x = 1", "bad": source, "never": "print('never')"}, "two": {"more": "1"}})

    with pytest.raises(StageFailed) as failed:
        run_pipeline(folder)

    stage = failed.value.stage
    assert (stage.name, stage.status, stage.cell_id, stage.error) == ("one", "failed", "bad", error)
    assert [one.name for one in failed.value.record.stages] == ["one"]
    assert read_record(folder) == failed.value.record
    outputs = _outputs(folder, stage.notebook, "bad")
    assert outputs[0].text == "so far\n" and "error" in [output.output_type for output in outputs]
    assert _outputs(folder, stage.notebook, "never") == []
    assert _kernels() == []


def test_data_that_git_lfs_has_not_brought_is_named(write_pipeline: WritePipeline, tmp_path: Path) -> None:
    (tmp_path / "loans.csv").write_text(f"version https://git-lfs.github.com/spec/v1\noid sha256:{1:064}\nsize 9\n")
    cells = {"read": 'import csv\nrows = list(csv.DictReader(open("../loans.csv")))', "use": 'rows[0]["income"]'}
    path = {"name": "LOANS_CSV", "type": "path", "default": "../loans.csv", "stages": ["one"]}
    folder = write_pipeline({"one": {"parameters": 'LOANS_CSV = "../loans.csv"', **cells}}, parameters=[path])

    with pytest.raises(StageFailed, match=r"KeyError: 'income'\.$") as failed:
        run_pipeline(folder)

    assert failed.value.hint == "loans.csv holds no data, only where Git LFS keeps it: run git lfs pull in its folder."


def test_the_time_limit_ends_a_stage(write_pipeline: WritePipeline) -> None:
    folder = write_pipeline({"one": {"slow": "while True: pass"}})

    with pytest.raises(StageFailed) as failed:
        run_pipeline(folder, timeout=1)

    assert failed.value.stage.cell_id == "slow" and "time limit" in failed.value.stage.error
    assert _kernels() == []


@pytest.mark.parametrize("how", ["event", "signal"])
def test_stopping_leaves_nothing_running(write_pipeline: WritePipeline, tmp_path: Path, how: str) -> None:
    """Neither a kernel nor what a cell started; the stage that had ended is kept."""
    started = tmp_path / "child.pid"
    folder = write_pipeline(
        {
            "one": {"done": "x = 1"},
            "two": {
                "child": "import pathlib, subprocess\n"
                "child = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
                f"pathlib.Path({str(started)!r}).write_text(str(child.pid))",
                "slow": "import time\ntime.sleep(600)",
            },
        }
    )
    stop = threading.Event()

    def on(event: Progress) -> None:
        if event.part == "two" and event.done == 1:
            delay = threading.Timer(0.5, stop.set if how == "event" else lambda: os.kill(os.getpid(), signal.SIGTERM))
            delay.start()

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(RunCancelled) as stopped:
        run_pipeline(folder, progress=on, stop=stop)

    assert [(stage.name, stage.status) for stage in stopped.value.record.stages] == [
        ("one", "ok"),
        ("two", "cancelled"),
    ]
    assert "in step two" in stopped.value.message
    assert _kernels() == []
    assert not _runs(int(started.read_text()))
    assert signal.getsignal(signal.SIGTERM) == before
    assert not list(folder.rglob(".*.ipynb.*"))


def test_two_runs_at_once_are_refused(write_pipeline: WritePipeline) -> None:
    folder = write_pipeline({"one": {"slow": "import time\ntime.sleep(600)"}})
    stop, started = threading.Event(), threading.Event()
    ended: list[BaseException] = []

    def first() -> None:
        try:
            run_pipeline(folder, stop=stop, progress=lambda event: started.set())
        except RunCancelled as error:
            ended.append(error)

    thread = threading.Thread(target=first)
    thread.start()
    started.wait(60)
    try:
        with pytest.raises(HandoffError, match="Another run of small_pipeline is under way"):
            run_pipeline(folder)
    finally:
        stop.set()
        thread.join(60)
    assert len(ended) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_a_failure_with_its_reason(write_pipeline: WritePipeline) -> None:
    folder = write_pipeline({"one": {"a": "x = 1"}, "two": {"b": "x = 2"}})
    aside = folder / f"run/executed/.10_one.ipynb.{os.getpid()}"
    aside.parent.mkdir(parents=True)
    aside.symlink_to("/dev/full")

    with pytest.raises(StageFailed) as failed:
        run_pipeline(folder)

    assert failed.value.stage.error == (
        "10_one.ipynb could not be written: No space left on device. "
        f"Make room in {aside.parent}, or see that it can be written."
    )
    assert read_record(folder) == failed.value.record
    assert not aside.is_symlink() and _kernels() == []


def test_a_kernel_that_does_not_start_fails_its_stage(
    write_pipeline: WritePipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tmp_path / "jupyter/kernels/broken"
    spec.mkdir(parents=True)
    argv = ["/bin/sh", "-c", "echo no module named ipykernel >&2; exit 1", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Broken", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    folder = write_pipeline({"one": {"a": "x = 1"}})

    with pytest.raises(StageFailed) as failed:
        run_pipeline(folder, kernel="broken")

    assert failed.value.stage.error == (
        "Kernel broken did not start: no module named ipykernel. "
        "Its environment may lack ipykernel: pip install ipykernel."
    )


def test_known_secrets_stay_out_of_records_and_notebooks(write_pipeline: WritePipeline) -> None:
    folder = write_pipeline({"one": {"bad": 'import os\nprint(os.environ["PW"])\nraise ValueError(os.environ["PW"])'}})

    with pytest.raises(StageFailed) as failed:
        run_pipeline(folder, environment={"PW": 'hunter"2\\x'})

    assert failed.value.stage.error == "ValueError: ***"
    kept = [path.read_text() for path in folder.rglob("*") if path.is_file()]
    assert not any("hunter" in text for text in kept)


def test_bad_input_is_one_sentence(write_pipeline: WritePipeline, tmp_path: Path) -> None:
    with pytest.raises(HandoffError, match="There is no pipeline in"):
        run_pipeline(tmp_path)
    folder = write_pipeline({"one": {"a": "1"}})
    with pytest.raises(HandoffError, match="There is no kernel named absent here"):
        run_pipeline(folder, kernel="absent")
    (folder / "pipeline.yaml").write_text("stages: [")
    with pytest.raises(HandoffError, match="cannot be read"):
        run_pipeline(folder)
    (folder / "pipeline.yaml").write_text("stages: 3")
    with pytest.raises(HandoffError, match=r"pipeline\.yaml cannot be read: "):
        run_pipeline(folder)
