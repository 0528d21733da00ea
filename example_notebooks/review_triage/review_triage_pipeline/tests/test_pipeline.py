"""The pipeline's own tests: every step on the sample, by plain papermill. In the pipeline's folder: pytest tests

``ci.yaml`` and ``sample/`` are what they run on, ``golden.json`` what that gave when it was made. Without them the
inputs themselves are used, and what is skipped says so.
"""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from sample_run import FOLDER, STAGES, close, golden, inputs, look, parameters, printed, run_all, run_step

GOLDEN = golden()


@pytest.fixture(scope="module")
def run(tmp_path_factory: Any) -> Path:
    """The folder of a run of all steps."""
    for name, path in inputs().items():
        if path is None or not (FOLDER / str(path)).exists():
            pytest.skip("{}: there is no {}".format(name, path))
    run_dir: Path = tmp_path_factory.mktemp("run")
    run_all(run_dir)
    return run_dir


@pytest.fixture(scope="module")
def found(run: Path) -> dict[str, Any]:
    """What the steps handed on."""
    seen: dict[str, Any] = look(run)
    return seen


@pytest.mark.parametrize("step", STAGES)
def test_step_hands_on_what_it_says(found: dict[str, Any], step: str) -> None:
    """All names that ``pipeline.yaml`` lists."""
    for taker, names in STAGES[step].get("writes", {}).items():
        handed = found["bundles"]["{}-{}.pkl".format(step, taker)]
        assert "" in handed or set(names) <= set(handed)


@pytest.mark.parametrize("step", STAGES)
def test_step_prints_what_it_printed(run: Path, step: str) -> None:
    """Up to rounding; lines that differ from run to run are not compared."""
    expected = GOLDEN.get("printed", {}).get(step)
    if expected is None:
        pytest.skip("golden.json says nothing of it")
    lines = printed(run, step)
    assert len(lines) == len(expected)
    assert [line for line, other in zip(lines, expected) if other is not None and not close(line, other)] == []


@pytest.mark.parametrize("what", ["bundles", "answers"])
def test_golden_rows(found: dict[str, Any], what: str) -> None:
    """What is handed on has the same shapes; the model says of the same rows what it said."""
    if GOLDEN.get(what) is None:
        pytest.skip("golden.json says nothing of it")
    assert close(found[what], GOLDEN[what])


def test_bad_rows_are_refused(found: dict[str, Any]) -> None:
    """A row that lacks a column gets an error, not an answer."""
    if not GOLDEN.get("refuses"):
        pytest.skip("the model is not given tables with columns, or answers without a column too")
    assert found["refuses"]


@pytest.mark.parametrize("name", inputs())
def test_a_missing_input_is_named(run: Path, name: str) -> None:
    """The error says which one."""
    step = next((key for key, stage in STAGES.items() if name in stage.get("parameters", ())), None)
    if step is None:
        pytest.skip("no step reads it")
    with pytest.raises(Exception, match="{}|nowhere".format(name)):
        run_step(step, run, {**parameters(), name: "nowhere/at-all"})
