"""Stages begun before their turn compute what they would have computed in it, and leave no kernel behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
import psutil
import pytest

from handoff_ext.contracts.progress import Progress
from handoff_ext.run import RunCancelled, StageFailed, run_pipeline
from handoff_ext.run.harmless import only_defines

WritePipeline = Callable[..., Path]
# The second stage is ready long before the first lets go of it.
WAIT = "import time\ntime.sleep(2)"


def _kernels() -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if any("ipykernel" in a for a in p.cmdline())]


def _printed(folder: Path, notebook: str) -> str:
    whole = nbformat.read(folder / "run/executed" / notebook, as_version=4)
    return "".join(output.get("text", "") for cell in whole.cells for output in cell.get("outputs", []))


@pytest.mark.parametrize(
    "source",
    [
        "import os\nfrom json import loads as read\nLIMIT = 3\nNAMES: list = ['a']\n'''words'''",
        "try:\n    import orjson as json\nexcept ImportError:\n    import json",
        "@dataclass(frozen=True)\nclass A(Base, metaclass=ABCMeta):\n    x: int\n    y = 2\n    def f(self, z=1): pass",
        "@functools.lru_cache(maxsize=None)\ndef f(x, *, y=(1, 2)):\n    return open(x)",
        "from definitions import hours",
        "# only a comment",
    ],
)
def test_imports_and_definitions_may_run_before_their_turn(source: str, tmp_path: Path) -> None:
    (tmp_path / "definitions.py").write_text("import json\n\n\ndef hours(x):\n    return x\n")
    assert only_defines(source, tmp_path)


@pytest.mark.parametrize(
    "source",
    [
        "x = open('a')",
        "import random\nrandom.seed(1)",
        "%matplotlib inline\nimport os",
        "x = y",
        "a.b = 1",
        "x, y = 1, 2",
        "@register\ndef f(): pass",
        "def f(x=now()): pass",
        "class A:\n    rows = open('a').read()",
        "class A(make()): pass",
        "import helper",
        "from package.inner import x",
        "from features import x",
        "from . import x",
        "import warnings; warnings.simplefilter('ignore')",
        "x = (",
    ],
)
def test_all_else_waits(source: str, tmp_path: Path) -> None:
    (tmp_path / "helper.py").touch()
    (tmp_path / "package").mkdir()
    (tmp_path / "features.py").write_text("rows = open('rows.txt').read()")
    assert not only_defines(source, tmp_path)


def test_what_a_stage_read_too_early_is_read_again(write_pipeline: WritePipeline, tmp_path: Path) -> None:
    """An installed module that reads a file when it is imported: the stage before writes that file."""
    library = tmp_path / "library"
    library.mkdir()
    (library / "reads_early.py").write_text(f"TEXT = open({str(tmp_path / 'text')!r}).read()")
    (tmp_path / "text").write_text("old")
    folder = write_pipeline(
        {
            "write": {"c-w": f"{WAIT}\nwith open({str(tmp_path / 'text')!r}, 'w') as f: f.write('new')"},
            "read": {"c-i": "import reads_early", "c-r": "print(reads_early.TEXT)"},
        }
    )

    run_pipeline(folder, environment={"PYTHONPATH": str(library)})

    assert _printed(folder, "20_read.ipynb") == "new\n"
    assert _kernels() == []


def test_what_fails_too_early_may_go_well_in_its_turn(write_pipeline: WritePipeline, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    folder = write_pipeline(
        {
            "write": {"c-w": f"{WAIT}\nopen({str(library / 'made_later.py')!r}, 'w').write('x = 7')"},
            "read": {"c-i": "import made_later", "c-r": "print(made_later.x)"},
        }
    )

    run_pipeline(folder, environment={"PYTHONPATH": str(library)})

    assert _printed(folder, "20_read.ipynb") == "7\n"


def test_the_time_limit_holds_for_imports_too(write_pipeline: WritePipeline, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "endless.py").write_text("while True: pass")
    folder = write_pipeline({"one": {"c-i": "import endless"}})

    with pytest.raises(StageFailed) as failed:
        run_pipeline(folder, timeout=2, environment={"PYTHONPATH": str(library)})

    assert (failed.value.stage.cell_id, failed.value.stage.error) == ("c-i", "The time limit was over.")
    assert _kernels() == []


def test_stages_begun_leave_no_kernel_and_no_bundle(write_pipeline: WritePipeline) -> None:
    """Neither where a stage before them fails, nor where the run is stopped, nor where they turn out unchanged."""
    half = "open('run/one-two.pkl', 'wb').write(b'half')"
    cells = {"one": {"c-1": f"{WAIT}\nimport os\nos.makedirs('run', exist_ok=True)\n{half}\n1 / 0"}}
    later = {name: {"c-i": "import json", "c-x": "x = 1"} for name in ("two", "three", "four")}
    details = {"one": {"writes": {"two": ["x"]}}}
    folder = write_pipeline({**cells, **later}, details=details)
    with pytest.raises(StageFailed):
        run_pipeline(folder)
    assert _kernels() == []
    assert not (folder / "run/one-two.pkl").exists()

    slow = {"one": {"c-1": "import time\ntime.sleep(600)"}}
    folder = write_pipeline({**slow, **later}, name="slow")
    stop = threading.Event()

    def on(event: Progress) -> None:
        if event.total:
            threading.Timer(1, stop.set).start()

    with pytest.raises(RunCancelled):
        run_pipeline(folder, progress=on, stop=stop)
    assert _kernels() == []

    folder = write_pipeline({"one": {"c-1": "x = 1"}, **later}, name="kept", after={})
    run_pipeline(folder)
    (folder / "stages/10_one.ipynb").write_text((folder / "stages/10_one.ipynb").read_text().replace("x = 1", "x = 2"))
    record = run_pipeline(folder, jobs=1)
    assert [stage.status for stage in record.stages] == ["ok", "cached", "cached", "cached"]
    assert _kernels() == []


def test_waiting_for_its_turn_is_not_a_notebooks_time(write_pipeline: WritePipeline) -> None:
    folder = write_pipeline({"one": {"c-1": "import time\ntime.sleep(6)"}, "two": {"c-2": "import json"}})
    run_pipeline(folder)
    one, two = (
        nbformat.read(folder / "run/executed" / name, as_version=4).metadata.papermill
        for name in ("10_one.ipynb", "20_two.ipynb")
    )
    middle = datetime.fromisoformat(one["end_time"]) - timedelta(seconds=one["duration"] / 2)
    assert datetime.fromisoformat(two["start_time"]) > middle
