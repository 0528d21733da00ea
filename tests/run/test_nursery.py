"""Kernels forked from one process: fresh all the same, and only where that changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from handoff_ext.run import run_pipeline
from handoff_ext.run.nursery import _split
from handoff_ext.run.preloading import imports

LOOK = (
    "import json, os, random, sys\nimport numpy as np\n"
    "print(json.dumps([os.getppid(), os.getpid(), random.random(), float(np.random.random()), 'joblib' in sys.modules, "
    "os.getsid(0), sys.argv[0].endswith('ipykernel_launcher.py'), sys.path[0]]))"
)


def said(folder: Path) -> list[list[object]]:
    """What the cells of the run printed, as JSON."""
    texts = []
    for path in sorted((folder / "run" / "executed").glob("*.ipynb")):
        outputs = [out for cell in nbformat.read(path, as_version=4).cells for out in cell.get("outputs", [])]
        texts += [json.loads(out["text"]) for out in outputs if out.get("name") == "stdout"]
    return texts


def test_kernels_of_a_run_come_from_one_process_and_are_fresh(write_pipeline: Callable[..., Path]) -> None:
    folder = write_pipeline({"a": {"c-a": LOOK + "\nleft = 1"}, "b": {"c-b": LOOK + "\nassert 'left' not in dir()"}})
    run_pipeline(folder)
    (parent_a, a, *drawn_a), (parent_b, b, *drawn_b) = said(folder)
    assert parent_a == parent_b
    assert a != b
    assert drawn_a[0] != drawn_b[0]
    assert drawn_a[1] != drawn_b[1], "numpy's own generator is as every new process has it"
    assert (drawn_a[3], drawn_b[3]) == (a, b), "each leads a session of its own"
    assert drawn_a[4] is drawn_b[4] is True
    assert drawn_a[5] == drawn_b[5]


OPTIONS = """import json
import numpy as np, pandas as pd, sklearn
from pandas._config import config
print(json.dumps([{name: repr(option.defval) for name, option in config._registered_options.items()},
                  repr(np.get_printoptions()), repr(sklearn.get_config())]))"""


def test_libraries_loaded_ahead_have_the_settings_they_have_in_a_notebook(write_pipeline: Callable[..., Path]) -> None:
    folder = write_pipeline({"a": {"c-a": OPTIONS}, "b": {"c-b": OPTIONS}})
    run_pipeline(folder)
    plain = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(OPTIONS)])
    NotebookClient(plain, kernel_name="python3").execute()
    expected = json.loads(plain.cells[0].outputs[0].text)
    for pandas_options, *others in said(folder):
        assert pandas_options.items() ^ expected[0].items() == set()
        assert others == expected[1:]


def test_imports_that_say_something_are_left_to_each_stage(
    write_pipeline: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shadow").mkdir()
    (tmp_path / "shadow" / "joblib.py").write_text("print('loaded')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "shadow"))
    folder = write_pipeline({"a": {"c-a": "import joblib"}, "b": {"c-b": "import joblib"}})
    record = run_pipeline(folder)
    assert [stage.status for stage in record.stages] == ["ok", "ok"]
    for path in sorted((folder / "run" / "executed").glob("*.ipynb")):
        cell = next(cell for cell in nbformat.read(path, as_version=4).cells if cell["id"].startswith("c-"))
        assert [out["text"] for out in cell.outputs] == ["loaded\n"]


def test_only_imports_that_do_nothing_else_are_done_ahead(tmp_path: Path) -> None:
    cells = [
        "import pandas as pd, matplotlib.pyplot as plt",
        "from sklearn.svm import SVC\nx = 1",
        "import numpy.linalg",
    ]
    known = [("pandas", ()), ("sklearn.svm", ("SVC",)), ("numpy.linalg", ())]
    assert imports(cells, tmp_path) == known
    assert imports([*cells, "import warnings\nwarnings.filterwarnings('ignore')"], tmp_path) == known
    assert imports(["def later():\n    import pandas"], tmp_path) == []
    (tmp_path / "pandas.py").touch()
    assert imports(cells, tmp_path) == known[1:]


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos.environ['OMP_NUM_THREADS'] = '1'",
        "%env OMP_NUM_THREADS=1",
        "!pip install pandas==1.5",
        "import sys\nsys.path.insert(0, 'lib')",
        "import warnings\nwarnings.simplefilter('error')",
        "from importlib import reload",
    ],
)
def test_code_that_may_change_what_an_import_does_keeps_imports_where_they_are(code: str, tmp_path: Path) -> None:
    assert imports(["import numpy", code], tmp_path) == []


def test_only_ipython_kernels_are_forked() -> None:
    start = ["-f", "c.json"]
    assert _split(["/env/bin/python3.11", "-Xfrozen_modules=off", "-m", "ipykernel_launcher", *start]) == (
        ["/env/bin/python3.11", "-Xfrozen_modules=off"],
        start,
    )
    assert _split(["/env/bin/python", "-m", "xeus_python", *start]) is None
    assert _split(["/env/bin/python", "start.py", "-m", "ipykernel_launcher", *start]) is None
    assert _split(["conda", "run", "python", "-m", "ipykernel_launcher", *start]) is None
