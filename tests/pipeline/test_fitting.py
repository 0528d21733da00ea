"""The stage that fits the model takes the rows of ``features.py``, and nothing else about it changes."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from handoff_ext.pipeline import extract
from tests.pipeline.conftest import Runner
from tests.pipeline.notebooks import write_notebook_of

HEAD = """
%% parameters
POINTS = "points.csv"
%% -
import random
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression
np.random.seed(7)
random.seed(7)
%% stage:load
df = pd.read_csv(POINTS)
"""
FEATURES = """%% stage:features
df["x"] = df["x"].fillna(df["x"].mean())
train = df[df["z"] > 4].sample(30, random_state=1)
X, y = train[["x", "y"]], train["z"]
"""
FIT = """%% stage:train
model = LinearRegression()
model.fit(X, y)
by = dict(X.attrs)
result = [*model.coef_, *model.predict(X)]
"""
SIGNED = """

_plain = transform


def transform(raw, state):
    made = _plain(raw, state)
    made.attrs["by"] = "features.py"
    return made
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [f"{i if i % 5 else ''},{i * i % 7},{3 * i + 1}" for i in range(60)]
    (tmp_path / "points.csv").write_text("\n".join(["x,y,z", *rows]) + "\n")
    return tmp_path


def cut(text: str, folder: Path) -> Path:
    extract(write_notebook_of(text, folder / "book.ipynb"))
    return folder / "book_pipeline"


def stage(pipeline: Path, name: str = "train") -> dict[str, Any]:
    [path] = (pipeline / "stages").glob(f"*_{name}.ipynb")
    return {cell["id"]: "".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]}


def signed(pipeline: Path, text: str = SIGNED) -> None:
    """``features.py`` marks what it makes."""
    file = pipeline / "features.py"
    file.write_text(file.read_text() + text)


def learned(pipeline: Path) -> dict[str, Any]:
    with (pipeline / "run" / "learned.pkl").open("rb") as file:
        kept = pickle.load(file)["kept"]
    return {name: value for name, value in kept.items() if name.startswith("cell") or not hasattr(value, "columns")}


def test_a_cell_before_the_fit_asks_for_the_rows_of_the_function(folder: Path) -> None:
    pipeline = cut(HEAD + FEATURES + FIT, folder)
    cells = stage(pipeline)
    order = list(cells)
    assert order.index("handoff-rows") + 1 == order.index("c4")
    assert 'X = _by_features(X, run_dir, {"POINTS": POINTS})' in cells["handoff-rows"]
    assert all(
        line.startswith(("#", "from training_rows", "X = ")) for line in cells["handoff-rows"].split("\n") if line
    )
    assert 'POINTS: str = "../points.csv"' in cells["handoff-parameters"]
    assert "POINTS" not in cells["handoff-inputs"], "without the file the step goes on with the notebook's rows"
    assert "handoff_ext" not in (pipeline / "training_rows.py").read_text()
    assert all("_by_features" not in text for name in ("load", "features") for text in stage(pipeline, name).values())


@pytest.mark.parametrize(
    ("train", "form"),
    [
        (FEATURES + FIT, "X = _by_features(X, run_dir"),
        (FEATURES.replace("features", "train") + FIT, "X = _by_features(X, run_dir"),
        (
            FEATURES.replace("features", "train") + FIT[15:],
            "X = _rows_to_fit(X)  # those of features.py\nmodel.fit(X, y)",
        ),
        (FEATURES + FIT.replace("(X, y)", '(train[["x", "y"]], y)'), "_compare(train[['x', 'y']], run_dir"),
        (FEATURES + FIT + '%% stage:train\nX["x"] = 0', "_compare(X, run_dir"),
        (FEATURES + FIT.replace("model.fit", "X = X * 2\nmodel.fit"), "X = _rows_to_fit(X)"),
    ],
    ids=["a stage before", "a cell before", "the same cell", "an expression", "changed later", "changed before"],
)
def test_rows_are_handed_over_where_one_name_holds_them(train: str, form: str, folder: Path, runner: Runner) -> None:
    pipeline = cut(HEAD + train, folder)
    assert any(form in text for text in stage(pipeline).values()), stage(pipeline)
    signed(pipeline)
    expected, got = runner.notebook(folder / "book.ipynb", ["result"]), runner.pipeline(pipeline, ["by", "result"])
    assert (expected["error"], got["error"]) == ("", "")
    assert got["values"]["result"] == expected["values"]["result"]
    assert got["values"]["by"] == ("{}" if "_compare" in form else "{'by': 'features.py'}"), (
        "whose rows it was fitted on"
    )
    assert (pipeline / "run" / "learned.pkl").is_file()


@pytest.mark.parametrize(
    "change",
    [
        "    made['x'] = made['x'] + 1\n",
        "    made = made.astype('float32')\n",
        "    made = made.iloc[1:]\n",
        "    1 / 0\n",
    ],
)
def test_where_the_function_makes_others_the_step_goes_on_with_the_notebooks(
    change: str, folder: Path, runner: Runner
) -> None:
    pipeline = cut(HEAD + FEATURES + FIT, folder)
    assert runner.pipeline(pipeline, [])["error"] == ""
    assert (pipeline / "run" / "learned.pkl").is_file()
    signed(pipeline, SIGNED.replace("    return made", f"{change}    return made"))
    expected, got = runner.notebook(folder / "book.ipynb", ["result"]), runner.pipeline(pipeline, ["by", "result"])
    assert got["error"] == "" and got["values"] == {"by": "{}", "result": expected["values"]["result"]}
    assert not (pipeline / "run" / "learned.pkl").exists(), "none of an earlier run either"


@pytest.mark.parametrize("gone", ["points.csv", "book_pipeline/features.py"])
def test_a_step_alone_runs_without_what_only_the_function_needs(gone: str, folder: Path, runner: Runner) -> None:
    pipeline = cut(HEAD + FEATURES + FIT, folder)
    expected = runner.pipeline(pipeline, ["result"])
    (folder / gone).unlink()
    got = runner.run([text for name, text in stage(pipeline).items() if name != "handoff-about"], pipeline, ["result"])
    assert got == expected


@pytest.mark.parametrize(
    "features",
    [
        'df["more"] = np.random.rand(len(df))\nX, y = df[["y", "more"]], df["z"]',
        'random.shuffle([1, 2])\nnp.random.shuffle([1, 2])\nX, y = df[["y"]].sample(40), df["z"][:40]',
    ],
    ids=["a column", "rows"],
)
def test_draws_of_random_numbers_are_those_of_the_notebook(features: str, folder: Path, runner: Runner) -> None:
    forest = (
        "model = RandomForestRegressor(n_estimators=3)\nmodel.fit(X, y)\n"
        "result = [*model.predict(X), np.random.rand(), random.random()]\n"
    )
    pipeline = cut(f"{HEAD}%% stage:features\n{features}\n%% stage:train\n{forest}", folder)
    assert "handoff-rows" in stage(pipeline)
    expected, got = runner.notebook(folder / "book.ipynb", ["result"]), runner.pipeline(pipeline, ["result"])
    assert got == expected and not got["error"]


def test_what_is_learned_is_that_of_the_runs_own_table(folder: Path, runner: Runner) -> None:
    pipeline = cut(HEAD + FEATURES + FIT, folder)
    assert runner.pipeline(pipeline, [])["error"] == ""
    first = learned(pipeline)
    later = (folder / "points.csv").read_text().replace("\n1,", "\n100,")
    (folder / "points.csv").write_text(later)
    assert runner.pipeline(pipeline, [])["error"] == ""
    assert learned(pipeline) != first and learned(pipeline).keys() == first.keys()


def test_a_module_of_the_notebook_with_that_name_is_not_hidden(folder: Path) -> None:
    (folder / "training_rows.py").write_text("rows = 3\n")
    text = HEAD.replace("import random\n", "import random\nimport training_rows\n") + FEATURES + FIT
    assert "handoff-rows" not in stage(cut(text, folder))


def test_names_of_modules_are_the_notebooks_own(folder: Path, runner: Runner) -> None:
    """Variables called ``features`` and ``learned``, and a module ``features`` beside the notebook."""
    (folder / "features.py").write_text("scale = 3\n")
    text = HEAD.replace("import random\n", "import random\nimport features\n") + FEATURES
    text += FIT + "learned = 2\nfeatures_ = [features.scale, learned]\nresult = [*result, *features_]"
    pipeline = cut(text, folder)
    signed(pipeline)
    expected, got = runner.notebook(folder / "book.ipynb", ["result"]), runner.pipeline(pipeline, ["by", "result"])
    assert got["error"] == "" and got["values"]["result"] == expected["values"]["result"]
    assert got["values"]["by"] == "{'by': 'features.py'}"
