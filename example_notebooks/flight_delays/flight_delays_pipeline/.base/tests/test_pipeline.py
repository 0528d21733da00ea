"""Runs every step on a sample of the inputs with plain papermill. Skipped where an input is not there.

In the pipeline's folder: pytest tests
"""

import pickle
from pathlib import Path

import papermill
import pytest

FOLDER = Path(__file__).resolve().parent.parent
STAGES = ["10_load.ipynb", "20_features.ipynb", "30_train.ipynb", "40_evaluate.ipynb"]
BUNDLES = {
    "load-features.pkl": ["flights", "planes", "weather"],
    "features-train.pkl": ["X_train", "y_train"],
    "features-evaluate.pkl": ["X_test", "y_test"],
    "train-evaluate.pkl": ["model"],
}
PARAMETERS = {
    "10_load.ipynb": ["FLIGHTS_CSV", "WEATHER_CSV", "PLANES_CSV"],
    "20_features.ipynb": ["LATE_MIN", "TEST_FROM", "N_TRAIN", "RANDOM_STATE", "weather_cols", "FEATURES"],
    "30_train.ipynb": ["RANDOM_STATE", "FEATURES", "CATEGORICAL"],
    "40_evaluate.ipynb": ["THRESHOLD"],
}
INPUTS = {
    "FLIGHTS_CSV": "../../data/flights.csv",
    "WEATHER_CSV": "../../data/weather.csv",
    "PLANES_CSV": "../../data/planes.csv",
}
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
    given = {"run_dir": str(run_dir)}
    for name, default in INPUTS.items():
        source = FOLDER / str(default)
        if default is None or not source.exists():
            pytest.skip(f"{name}: there is no {default}")
        given[name] = str(sample(source, run_dir / f"{name}{source.suffix}"))
    for stage in STAGES:
        known = {name: given[name] for name in ["run_dir", *PARAMETERS[stage]] if name in given}
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
