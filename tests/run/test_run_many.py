"""Many runs of one pipeline, for several values of its parameters."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from handoff_ext.cli import main
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.evidence import ManyRuns
from handoff_ext.run import run_many
from handoff_ext.run.many import folder_name

WritePipeline = Callable[..., Path]


@pytest.fixture
def ratio(write_pipeline: WritePipeline) -> Path:
    return write_pipeline(
        {
            "one": {
                "parameters": 'run_dir: str = "run"\nx: int = 1\nname: str = ""',
                "c-1": "print(name)\ny = 12 / x",
            }
        },
        details={"one": {"parameters": ["x", "name"]}},
        parameters=[
            {"name": "x", "type": "int", "default": 1, "stages": ["one"]},
            {"name": "name", "type": "str", "default": "", "stages": ["one"]},
        ],
        metrics=[{"name": "y", "expression": "y", "stage": "one", "cell_id": "c-1"}],
    )


def test_each_value_has_a_run_of_its_own(ratio: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", str(ratio), "--map", "x=2,0,3", "-p", "name", "a/b", "--format", "json"])
    said = capsys.readouterr()
    assert ended.value.code == 1
    assert said.err.splitlines()[-1] == (
        "handoff: 1 of 3 runs did not end well. Step one failed in cell 5 of run/map/x=0/executed/10_one.ipynb: "
        "ZeroDivisionError: division by zero."
    )
    runs = json.loads(said.out)["runs"]
    assert [(run["values"], run["status"], run["metrics"]) for run in runs] == [
        ({"x": "2"}, "ok", {"y": 6.0}),
        ({"x": "0"}, "failed", {}),
        ({"x": "3"}, "ok", {"y": 4.0}),
    ]
    assert [run["run_dir"] for run in runs] == ["run/map/x=2", "run/map/x=0", "run/map/x=3"]
    assert all((ratio / run["stages"][0]["notebook"]).is_file() for run in runs)
    assert ManyRuns.model_validate_json((ratio / "evidence/map.json").read_bytes()).runs[0].metrics == {"y": 6.0}
    # Neither the pipeline's own last run nor what is unchanged is touched.
    assert not (ratio / "evidence/run.json").exists()
    again = run_many(ratio, {"x": [2, 3]}, {"name": "a/b"})
    assert [run.stages[0].status for run in again.runs] == ["cached", "cached"]


def test_wrong_values_are_refused_before_anything_runs(ratio: Path) -> None:
    with pytest.raises(HandoffError, match="Parameter x must be a whole number"):
        run_many(ratio, {"x": ["1", "b"]})
    with pytest.raises(HandoffError, match="has no parameter z"):
        run_many(ratio, {"z": ["1"]})
    with pytest.raises(HandoffError, match="No value is given for x"):
        run_many(ratio, {"x": []})
    with pytest.raises(HandoffError, match="These are 40,000 runs"):
        run_many(ratio, {"x": range(200), "name": range(200)})
    assert not (ratio / "run").exists()


@pytest.mark.parametrize("options", [["--map", "x"], ["--map", "x=1", "--prove"], ["--dask", "tcp://x:1", "--prove"]])
def test_wrong_use_is_one_sentence(ratio: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", str(ratio), *options])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_folders_of_runs_are_safe_and_never_shared() -> None:
    assert folder_name({"x": 1, "path": "../../etc"}).startswith("x=1+path=.._.._etc-")
    assert folder_name({"x": "a,y=b"}) != folder_name({"x": "a", "y": "b"})
    assert folder_name({"x": "a/b"}) != folder_name({"x": "a_b"})
    assert len(folder_name({"x": "a" * 500})) < 120
