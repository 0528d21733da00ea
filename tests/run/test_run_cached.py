"""A stage is repeated when something it depends on changed, and only then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from handoff_ext.run import StageFailed, run_pipeline
from tests.run.pipeline_cells import reads, writes

WritePipeline = Callable[..., Path]
PARAMETERS = 'run_dir: str = "run"\nfactor: int = 2'


@pytest.fixture
def sums(write_pipeline: WritePipeline, tmp_path: Path) -> Path:
    """Three stages: ``read`` a file with a helper module, ``scale`` by a parameter, ``report`` into a file."""
    folder = write_pipeline(
        {
            "read": {
                "parameters": PARAMETERS,
                "c-read": "from definitions import numbers\nxs = numbers('../numbers.txt')",
                "outputs": writes("read", "scale", "xs"),
            },
            "scale": {
                "parameters": PARAMETERS,
                "inputs": reads("read", "scale"),
                "c-scale": "ys = [factor * x for x in xs]",
                "outputs": writes("scale", "report", "ys"),
            },
            "report": {
                "parameters": PARAMETERS,
                "inputs": reads("scale", "report"),
                "c-report": "total = sum(ys)\nopen('report.txt', 'w').write(str(total))",
            },
        },
        details={
            "read": {"writes": {"scale": ["xs"]}},
            "scale": {"reads": {"read": ["xs"]}, "writes": {"report": ["ys"]}, "parameters": ["factor"]},
            "report": {"reads": {"scale": ["ys"]}},
        },
        parameters=[{"name": "factor", "type": "int", "default": 2, "stages": ["scale"]}],
        metrics=[{"name": "total", "expression": "total", "stage": "report", "cell_id": "c-report"}],
    )
    (folder / "definitions.py").write_text(
        "def numbers(path):\n    return [int(x) for x in open(path).read().split()]\n"
    )
    (tmp_path / "numbers.txt").write_text("1 2 3")
    return folder


def ran(folder: Path, **options: object) -> list[str]:
    """The stages that were not cached; the record says the same either way."""
    record = run_pipeline(folder, **options)  # type: ignore[arg-type]
    assert all(stage.seconds > 0 and stage.memory_mb > 0 for stage in record.stages)
    assert record.environment is not None and record.environment.distributions
    total = 6 * int(record.parameters["factor"]) if (folder.parent / "numbers.txt").read_text() == "1 2 3" else None
    assert total is None or [metric.pipeline for metric in record.metrics] == [total]
    return [stage.name for stage in record.stages if stage.status != "cached"]


def test_only_what_changed_is_repeated(sums: Path) -> None:
    everything = ["read", "scale", "report"]
    assert ran(sums) == everything
    assert ran(sums) == []
    assert ran(sums, force=True) == everything
    assert ran(sums, parameters={"factor": 3}) == ["scale", "report"]
    (sums / "report.txt").unlink()
    assert ran(sums, parameters={"factor": 3}) == ["report"]
    (sums / "report.txt").write_text("edited")
    assert ran(sums, parameters={"factor": 3}) == ["report"]


def test_inputs_and_modules_count(sums: Path, tmp_path: Path) -> None:
    assert ran(sums) == ["read", "scale", "report"]
    numbers = tmp_path / "numbers.txt"
    numbers.touch()
    assert ran(sums) == []
    numbers.write_text("1 2 4")
    assert ran(sums) == ["read", "scale", "report"]
    with (sums / "definitions.py").open("a") as file:
        file.write("# said again\n")
    assert ran(sums) == ["read"]


def test_what_code_lists_counts_but_not_where_python_looks_for_packages(write_pipeline: WritePipeline) -> None:
    folder = write_pipeline(
        {
            "lists": {"c-a": "import os\nnames = os.listdir('.')"},
            "asks": {"c-b": "from importlib.metadata import entry_points\nfound = len(entry_points())"},
        },
        after={},
    )
    run_pipeline(folder)
    (folder / "serving.lock").write_text("")
    again = run_pipeline(folder)
    assert {stage.name: stage.status for stage in again.stages} == {"lists": "ok", "asks": "cached"}


def test_what_a_program_or_the_network_gives_is_never_kept(write_pipeline: WritePipeline) -> None:
    folder = write_pipeline(
        {
            "program": {"c-a": "import subprocess\nsubprocess.run(['true'])"},
            "shell": {"c-b": "!true"},
            "network": {
                "c-c": "import socket\ntry:\n    socket.create_connection(('192.0.2.1', 9), 0.01)\nexcept OSError: pass"
            },
            "alone": {"c-d": "x = 1"},
        },
        after={},
    )
    run_pipeline(folder)
    again = run_pipeline(folder)
    assert {stage.name: stage.status for stage in again.stages} == {
        "program": "ok",
        "shell": "ok",
        "network": "ok",
        "alone": "cached",
    }


def test_a_run_resumes_after_a_failure(sums: Path) -> None:
    notebook = sums / "stages/20_scale.ipynb"
    good = notebook.read_text()
    notebook.write_text(good.replace("factor * x", "factor * x / 0"))
    with pytest.raises(StageFailed):
        run_pipeline(sums)
    assert not (sums / "run/scale-report.pkl").exists()
    notebook.write_text(good)
    assert ran(sums) == ["scale", "report"]


def test_independent_stages_run_side_by_side(write_pipeline: WritePipeline) -> None:
    """Each waits for the other: one after the other they would wait in vain."""
    meet = (
        "import time, pathlib\npathlib.Path('{0}').touch()\nend = time.time() + 60\n"
        "while not pathlib.Path('{1}').exists():\n    assert time.time() < end\n    time.sleep(0.05)"
    )
    folder = write_pipeline({"a": {"c-a": meet.format("a", "b")}, "b": {"c-b": meet.format("b", "a")}}, after={})
    record = run_pipeline(folder, jobs=2)
    assert [stage.status for stage in record.stages] == ["ok", "ok"]
