"""The pipeline's own tests: all steps on a sample of the inputs, by plain papermill."""

from __future__ import annotations

from handoff_ext.contracts.pipeline import Manifest

_TEST = '''"""Runs every step on a sample of the inputs with plain papermill. Skipped where an input is not there.

In the pipeline's folder: pytest tests
"""

import pickle
from pathlib import Path

import papermill
import pytest

FOLDER = Path(__file__).resolve().parent.parent
STAGES = {stages}
BUNDLES = {bundles}
PARAMETERS = {parameters}
INPUTS = {inputs}
SAMPLE = 2000  # rows


def sample(source, target):
    """Every n-th row, so that all of the table is seen; whole where it is small or no table of lines."""
    if source.is_dir() or source.suffix.lower() not in (".csv", ".tsv"):
        return source
    with source.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        lines = file.readlines()
    if any(line.count('"') % 2 for line in lines):
        return source  # a row may go over several lines
    step = max(1, len(lines) // SAMPLE)
    with target.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.writelines([lines[0], *lines[1::step]] if lines else [])
    return target


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a run of all steps."""
    run_dir = tmp_path_factory.mktemp("run")
    given = {{"run_dir": str(run_dir)}}
    for name, default in INPUTS.items():
        source = FOLDER / str(default)
        if default is None or not source.exists():
            pytest.skip(f"{{name}}: there is no {{default}}")
        given[name] = str(sample(source, run_dir / f"{{name}}{{source.suffix}}"))
    for stage in STAGES:
        known = {{name: given[name] for name in ["run_dir", *PARAMETERS[stage]] if name in given}}
        notebook = FOLDER / "stages" / stage
        papermill.execute_notebook(notebook, run_dir / stage, known, cwd=FOLDER, progress_bar=False)
    return run_dir


@pytest.mark.parametrize("bundle", BUNDLES)
def test_step_hands_on_what_it_says(run, bundle):
    import sys

    sys.path.insert(0, str(FOLDER))
    try:
        with (run / bundle).open("rb") as file:
            handed = pickle.load(file)
    except AttributeError as error:  # a class that only the stage notebooks know
        pytest.skip(str(error))
    finally:
        sys.path.remove(str(FOLDER))
    assert set(BUNDLES[bundle]) <= set(handed)


def test_all_steps_ran(run):
    assert all((run / stage).exists() for stage in STAGES)
'''


def test_text(manifest: Manifest) -> str:
    """``tests/test_pipeline.py``."""
    inputs = {
        each.name: each.default for each in manifest.parameters if each.type == "path" and "*" not in str(each.default)
    }
    edges = [(stage.name, other, names) for stage in manifest.stages for other, names in stage.writes.items()]
    bundles = {f"{stage}-{other}.pkl": names for stage, other, names in edges if names}
    return _TEST.format(
        stages=_listed([stage.notebook.rpartition("/")[2] for stage in manifest.stages]),
        bundles=_mapped(bundles),
        parameters=_mapped({stage.notebook.rpartition("/")[2]: stage.parameters for stage in manifest.stages}),
        inputs=_mapped(inputs),
    )


def _quoted(value: object) -> str:
    if isinstance(value, str):
        text = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{text}"'
    return _listed(value) if isinstance(value, list) else repr(value)


def _listed(values: list[str]) -> str:
    return "[" + ", ".join(_quoted(value) for value in values) + "]"


def _mapped(values: dict[str, object] | dict[str, list[str]]) -> str:
    if not values:
        return "{}"
    return "{\n" + "".join(f"    {_quoted(key)}: {_quoted(value)},\n" for key, value in values.items()) + "}"
