"""What ``extract`` writes: the same each time, readable by plain papermill, nothing of this machine."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path
from typing import Any

import pytest

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.pipeline import extract, read_manifest
from tests.pipeline.notebooks import write_notebook_of

SMALL = """
%% md
# The question
%% -
import json
import pandas as pd
from math import sqrt, floor
pd.set_option("display.max_rows", 5)
%% -
CUT = 3  # rows with less are noise
names = ["x", "y"]  # inputs
%% md
The data, as exported.
%% stage:load
df = pd.read_csv("data/points.csv")  # from the shop
%% -
df.head()
%% -
def halve(x):
    # by two
    return x / 2

def big(frame):
    return frame[frame["x"] > CUT]
%% stage:features
good = big(df)
X = halve(good[names])
%% stage:train
from sklearn.linear_model import LinearRegression
model = LinearRegression()
model.fit(X, good["z"])
%% stage:evaluate
from sklearn.metrics import r2_score
answers = model.predict(X)
fit = r2_score(good["z"], answers)
print(fit)
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    rows = "\n".join(f"{i},{i * i % 7},{3 * i + 1}" for i in range(40))
    (tmp_path / "data" / "points.csv").write_text(f"x,y,z\n{rows}\n")
    return write_notebook_of(SMALL, tmp_path / "small.ipynb")


def texts(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def cells(folder: Path, stage: str) -> dict[str, dict[str, Any]]:
    found = json.loads((folder / "stages" / stage).read_text())["cells"]
    return {cell["id"]: {**cell, "source": "".join(cell["source"])} for cell in found}


def test_folder_holds_what_it_should(small: Path) -> None:
    before = small.read_bytes()
    extract(small)
    folder = small.parent / "small_pipeline"
    made = {path for path in texts(folder) if not path.startswith(".base/")}
    assert made == {
        "README.md",
        "data.yaml",
        "definitions.py",
        "features.py",
        "features.yaml",
        "learned.py",
        "training_rows.py",
        "pipeline.yaml",
        "stages/10_load.ipynb",
        "stages/20_features.ipynb",
        "stages/30_train.ipynb",
        "stages/40_evaluate.ipynb",
        "tests/look.py",
        "tests/sample_run.py",
        "tests/test_pipeline.py",
    }
    assert texts(folder / ".base") == {
        path: text for path, text in texts(folder).items() if not path.startswith(".base/")
    }
    assert small.read_bytes() == before
    assert not list(small.parent.glob(".*part"))


def test_same_notebook_gives_the_same_bytes_anywhere(small: Path, tmp_path: Path) -> None:
    extract(small)
    first = texts(small.parent / "small_pipeline")
    extract(small)
    assert texts(small.parent / "small_pipeline") == first
    other = tmp_path / "elsewhere" / "deep"
    other.mkdir(parents=True)
    shutil.copy(small, other / "small.ipynb")
    extract(other / "small.ipynb")
    assert texts(other / "small_pipeline") == first
    assert all(str(tmp_path) not in text and "handoff_ext" not in text for text in first.values())


def test_manifest_says_how_stages_hang_together(small: Path) -> None:
    manifest = extract(small)
    assert manifest == read_manifest(small.parent / "small_pipeline")
    stages = {stage.name: stage for stage in manifest.stages}
    assert list(stages) == ["load", "features", "train", "evaluate"]
    assert stages["features"].reads == {"load": ["df"]}
    assert stages["features"].writes == {"train": ["X", "good"], "evaluate": ["X", "good"]}
    assert stages["evaluate"].after == ["features", "train"]
    parameters = {each.name: each for each in manifest.parameters}
    assert (parameters["CUT"].type, parameters["CUT"].default) == ("int", 3)
    assert parameters["CUT"].meaning == "rows with less are noise"
    assert (parameters["CUT"].stages, parameters["names"].type) == (["features", "train"], "list")
    assert (parameters["points_csv"].type, parameters["points_csv"].default) == ("path", "../data/points.csv")
    assert manifest.definitions == ["halve"]
    assert manifest.left_out == ["c5"]
    assert manifest.model is not None
    assert (manifest.model.variable, manifest.model.stage, manifest.model.cell_id) == ("model", "train", "c8")
    assert [(each.name, each.expression, each.stage) for each in manifest.metrics] == [("train r2", "fit", "evaluate")]


def test_stage_notebooks_keep_the_authors_words_and_hold_no_more_than_needed(small: Path) -> None:
    extract(small)
    folder = small.parent / "small_pipeline"
    load = cells(folder, "10_load.ipynb")
    assert list(load)[:3] == ["handoff-about", "handoff-parameters", "handoff-imports"]
    assert load["c3"]["source"] == "The data, as exported."
    assert load["c4"]["source"] == "df = pd.read_csv(points_csv)  # from the shop"
    assert "sqrt" not in load["handoff-imports"]["source"]
    assert "import json" not in load["handoff-imports"]["source"]
    assert load["handoff-settings"]["source"] == 'pd.set_option("display.max_rows", 5)'
    features = cells(folder, "20_features.ipynb")
    assert "from definitions import halve" in features["handoff-imports"]["source"]
    assert features["handoff-definitions"]["source"].startswith("def big(frame):")
    assert "# by two" in (folder / "definitions.py").read_text()
    assert "noise" in features["handoff-parameters"]["source"]
    assert "`points_csv`" in load["handoff-about"]["source"]
    for name in ("10_load", "20_features", "30_train", "40_evaluate"):
        raw = json.loads((folder / "stages" / f"{name}.ipynb").read_text())
        assert (raw["nbformat"], raw["nbformat_minor"]) == (4, 5)
        assert all(cell.get("outputs", []) == [] and not cell.get("execution_count") for cell in raw["cells"])


def test_papermill_reads_the_parameters_right(small: Path, tmp_path: Path) -> None:
    import papermill

    write_notebook_of(
        """
%% parameters
query = "a=b&c=#d"
colour = "#fff"
ratio = -0.5
on = True
columns = ["a=1", "b"]
limits = {"low": 1}
nothing = None  # to be given
when = "2024-01-31"
%% stage:a
x = (query, colour, ratio, on, columns, limits, nothing, when)
%% stage:b
print(x)
""",
        tmp_path / "p.ipynb",
    )
    manifest = extract(tmp_path / "p.ipynb")
    assert {each.name: each.type for each in manifest.parameters} == {
        "query": "str", "colour": "str", "ratio": "float", "on": "bool", "columns": "list", "limits": "dict",
        "nothing": "none", "when": "date",
    }  # fmt: skip
    stage = tmp_path / "p_pipeline" / "stages" / "10_a.ipynb"
    found = papermill.inspect_notebook(str(stage))
    values = {name: eval(each["default"]) for name, each in found.items()}
    assert values == {
        "run_dir": "run", "query": "a=b&c=#d", "colour": "#fff", "ratio": -0.5, "on": True, "columns": ["a=1", "b"],
        "limits": {"low": 1}, "nothing": None, "when": "2024-01-31",
    }  # fmt: skip
    assert found["ratio"]["inferred_type_name"] == "float"
    assert found["nothing"]["help"] == "to be given"


def test_plain_papermill_runs_each_stage_with_parameters(small: Path) -> None:
    import nbformat
    import papermill

    manifest = extract(small)
    folder = small.parent / "small_pipeline"
    (folder / "mine" / "executed").mkdir(parents=True)
    for stage in manifest.stages:
        given = {"run_dir": "mine"} | ({"CUT": 10} if "CUT" in stage.parameters else {})
        out = folder / "mine" / "executed" / Path(stage.notebook).name
        papermill.execute_notebook(folder / stage.notebook, out, given, cwd=folder, progress_bar=False)
    last = nbformat.read(folder / "mine" / "executed" / "40_evaluate.ipynb", as_version=4)
    said = [out.text for cell in last.cells for out in cell.get("outputs", []) if out.output_type == "stream"]
    assert said == ["1.0\n"]
    with (folder / "mine" / "learned.pkl").open("rb") as file:
        learned = pickle.load(file)["kept"]
    assert learned["setting CUT"] == 10, "what serving needs of training, as papermill alone leaves it"


def test_generated_tests_run_on_a_sample_and_skip_without_data(small: Path) -> None:
    import subprocess
    import sys

    two_steps = SMALL.replace("stage:features", "stage:load").replace("stage:evaluate", "stage:train")
    extract(write_notebook_of(two_steps, small))
    folder = small.parent / "small_pipeline"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout
    (small.parent / "data" / "points.csv").unlink()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "skipped" in done.stdout
    assert "passed" not in done.stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("%% -\nx = 1", "No cell of n.ipynb says which step it belongs to"),
        ("%% md stage:load\nText", "Cell 1 carries the tag stage:load, but it is no code cell"),
        ("%% stage:a stage:b\nx = 1", "Cell 1 has two steps, a and b"),
        ("%% stage:a/b\nx = 1", "cannot name a file"),
        ("%% stage:a skip\nx = 1", "has the step a and the tag skip"),
        ("%% stage:a\nx = y\n%% stage:b\ny = len('a')", "Cell 1, line 1 uses `y`, which only cell 2 makes"),
        ("%% stage:a\nx = nowhere", "uses `nowhere`, which no cell makes"),
        ("%% stage:a\nx = (1", "Cell 1 cannot be read (line 1)"),
        ("%% stage:a\nprint 'x'", "this is Python 2"),
        ("%% skip\nx = len('a')\n%% stage:a\ny = x", "Cell 1 is left out (tag skip), but cell 2 needs `x` from it"),
        (
            "%% stage:a\nx = [1]\n%% stage:b\ny = x + [2]\nx.append(1)\n%% stage:a\nz = x + y",
            "Steps a and b need each other",
        ),
        (
            "%% stage:a\nx = [1]\n%% stage:b\ny = len(x)\n%% stage:a\nx.append(5)",
            "needs `x` as cell 1 (step a) leaves it, but cell 3 changes it",
        ),
        ("%% stage:a repeat\nx = len('a')", "Cell 1 carries the tag repeat, but makes nothing"),
        (
            "%% -\nimport sqlite3\nwhere = ['a.db']\n%% stage:a repeat\nc = sqlite3.connect(where.pop())\n"
            "%% stage:b\nprint(c, where)",
            "Cell 2 carries the tag repeat, but what it makes changes `where`",
        ),
        ("%% -\nimport os\nd = input()\nos.chdir(d)\n%% stage:a\nt = open('f').read()", "changes the working folder"),
    ],
)
def test_refusals_say_what_where_and_what_to_do(tmp_path: Path, text: str, says: str) -> None:
    notebook = write_notebook_of(text, tmp_path / "n.ipynb")
    with pytest.raises(HandoffError) as caught:
        extract(notebook)
    assert says in caught.value.message
    assert caught.value.hint
    assert not (tmp_path / "n_pipeline").exists()


def test_a_folder_that_is_no_pipeline_is_left_alone(small: Path) -> None:
    mine = small.parent / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(HandoffError, match="holds files that are not a pipeline's"):
        extract(small, out=mine)
    assert [path.name for path in mine.iterdir()] == ["thesis.txt"]


def test_missing_input_and_missing_step_end_with_a_sentence(small: Path) -> None:
    import papermill

    extract(small)
    folder = small.parent / "small_pipeline"
    with pytest.raises(papermill.PapermillExecutionError, match=r"points_csv: there is no nowhere\.csv"):
        papermill.execute_notebook(
            folder / "stages" / "10_load.ipynb", None, {"points_csv": "nowhere.csv"}, cwd=folder, progress_bar=False
        )
    with pytest.raises(papermill.PapermillExecutionError, match=r"run stages/10_load\.ipynb first"):
        papermill.execute_notebook(folder / "stages" / "20_features.ipynb", None, cwd=folder, progress_bar=False)


MODEL_CLASS = """
%% stage:load
X, y = [[1], [2]], [1, 2]
%% stage:train
class Mean:
    {inside}

    def fit(self, X, y):
        self.mean_ = sum(y) / len(y)
        return self

    def predict(self, X):
        return [self.mean_ for _ in X]

model = Mean().fit(X, y)
%% stage:evaluate
print(model.predict(X))
"""


@pytest.mark.parametrize(
    ("inside", "moves"),
    [("unit = 'g'", True), ("seen = []", False), ("def reset(self): type(self).unit = 'kg'", False)],
    ids=["keeps nothing", "shares a list", "changes its own class"],
)
def test_a_models_class_is_imported_where_its_objects_cannot_change_it(
    inside: str, moves: bool, tmp_path: Path
) -> None:
    notebook = write_notebook_of(MODEL_CLASS.replace("{inside}", inside), tmp_path / "own.ipynb")
    extract(notebook)
    definitions = tmp_path / "own_pipeline" / "definitions.py"
    assert (definitions.exists() and "class Mean" in definitions.read_text()) == moves
