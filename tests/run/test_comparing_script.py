"""The comparison of three runs, as the script that runs in the kernel's environment does it."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from handoff_ext.run import inside

SCRIPT = Path(next(iter(inside.__path__))) / "compare.py"


def compare(folder: Path, runs: list[dict[str, Any] | bytes | None], keys: list[list[str]]) -> list[tuple[str, str]]:
    """Verdict and detail of each item; a run is a dict, a pickle as bytes, or nothing at all."""
    files = []
    for number, run in enumerate(runs):
        files.append(str(folder / f"{number}.pkl"))
        if run is not None:
            Path(files[-1]).write_bytes(run if isinstance(run, bytes) else pickle.dumps(run))
    request = {"path": [str(folder)], "answer": str(folder / "answer.json")}
    request["items"] = [{"files": files, "keys": key} for key in keys]  # type: ignore[assignment]
    (folder / "request.json").write_text(json.dumps(request))
    subprocess.run([sys.executable, str(SCRIPT), str(folder / "request.json")], check=True, timeout=120)
    return [(one["verdict"], one["detail"]) for one in json.loads((folder / "answer.json").read_text())]


def test_verdicts(tmp_path: Path) -> None:
    first = {"same": [1], "near": 0.1 + 0.2, "other": 1, "random": 1, "lost": 1, "none": None}
    second = {**first, "random": 2}
    pipeline = {"same": [1], "near": 0.3, "other": 2, "random": 1, "none": None}
    assert compare(tmp_path, [first, second, pipeline], [[name] for name in first]) == [
        ("equal", ""),
        ("close", ""),
        ("different", "another value"),
        ("unseeded", "two runs of the notebook differ (another value)"),
        ("not compared", "not known in the pipeline: there is no lost"),
        ("equal", ""),
    ]


@pytest.mark.parametrize("pipeline", [None, b"no pickle"])
def test_what_a_run_did_not_leave_is_not_compared(tmp_path: Path, pipeline: bytes | None) -> None:
    [(verdict, detail)] = compare(tmp_path, [{"x": 1}, {"x": 1}, pipeline], [["x"]])
    assert verdict == "not compared" and detail.startswith("not known in the pipeline: ")


def test_names_of_one_object_stay_names_of_one_object(tmp_path: Path) -> None:
    shared: list[int] = [1, 2]
    notebook = {"a": shared, "b": shared, "n": 1}
    apart = {"a": [1, 2], "b": [1, 2], "n": 1}
    keys = [["a"], ["b"], ["n"]]
    assert [verdict for verdict, _ in compare(tmp_path, [notebook, notebook, notebook], keys)] == ["equal"] * 3
    assert compare(tmp_path, [notebook, notebook, apart], keys)[1] == (
        "different",
        "one object with a in the notebook only",
    )
    assert compare(tmp_path, [apart, apart, notebook], keys)[1] == (
        "different",
        "one object with a in the pipeline only",
    )


def test_classes_of_the_notebook_are_known_by_name_wherever_they_are_defined(tmp_path: Path) -> None:
    """By value from the notebook, from ``definitions`` or from a cell that is no more from the pipeline."""
    made = (
        "import pickle, sys, cloudpickle\n{definition}\n"
        "pickler = {{'plain': pickle, 'whole': cloudpickle}}[sys.argv[1]]\n"
        "sys.stdout.buffer.write(pickler.dumps({{'x': Thing({value})}}))"
    )
    own = "class Thing:\n    def __init__(self, value): self.value = [value]\n    def twice(self): return 2"

    def run(how: str, value: int, definition: str = own) -> bytes:
        code = made.format(definition=definition, value=value)
        return subprocess.run([sys.executable, "-c", code, how], capture_output=True, check=True, cwd=tmp_path).stdout

    notebook = run("whole", 1)
    assert compare(tmp_path, [notebook, notebook, run("plain", 1)], [["x"]]) == [("equal", "")]
    assert compare(tmp_path, [notebook, notebook, run("plain", 2)], [["x"]])[0][0] == "different"
    plain = run("plain", 1)
    assert compare(tmp_path, [plain, plain, run("plain", 1)], [["x"]]) == [("equal", "")]
    assert compare(tmp_path, [plain, plain, run("plain", 2)], [["x"]])[0][0] == "different"
    (tmp_path / "definitions.py").write_text(own)
    assert compare(tmp_path, [notebook, notebook, run("plain", 1, "from definitions import Thing")], [["x"]]) == [
        ("equal", "")
    ]
