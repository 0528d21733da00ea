"""Training takes the rows of ``features.py``, and packing what that learned."""

from __future__ import annotations

import pickle
import random
import re
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from handoff_ext.features.inside import training_rows
from handoff_ext.features.inside.training_rows import by_features, differing
from handoff_ext.publish.inside import lift, same
from tests.features.notebooks import run
from tests.features.test_same_rows import END, START

CELL = 'df["age"] = df["age"].fillna(df["age"].mean())\nX, y = df[["area", "age"]], df["price"]'
MODULE = """
import pandas as pd

def load(houses="houses.csv"):
    return {"df": pd.read_csv(houses)}

def transform(raw, state):
    SAID
    return raw[["area", "age"]].fillna(state.learn("mean", lambda: raw["age"].mean()))
"""


@pytest.fixture
def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the modules, as if the step ran there."""
    inside = Path(training_rows.__file__).parent
    (tmp_path / "learned.py").write_text((inside / "learned.py").read_text())
    (tmp_path / "features.py").write_text(MODULE.replace("SAID", "pass"))
    table = pd.DataFrame({"area": range(50, 90), "age": [None, *range(39)], "more": 1})
    table.to_csv(tmp_path / "houses.csv", index=False)
    monkeypatch.setattr(training_rows, "HERE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def says(pipeline: Path, line: str) -> None:
    (pipeline / "features.py").write_text(MODULE.replace("SAID", line))


def rows() -> pd.DataFrame:
    table = pd.read_csv("houses.csv")
    return table[["area", "age"]].fillna(table["age"].mean())


def test_packing_takes_what_training_learned(tmp_path: Path) -> None:
    tried = run([START, CELL, END], tmp_path, learn=True)
    assert tried.lifted is not None and tried.lifted.in_run
    held = tried.lifted.model.prepared(tried.lifted.held)[0][1]
    assert not same.differing(held, tried.names["X_test"])
    again = run([START, CELL, END], tmp_path)  # another features.py would be another function
    assert again.lifted is not None and again.lifted.in_run
    (tmp_path / "learned.pkl").unlink()
    anew = run([START, CELL, END], tmp_path)
    assert anew.lifted is not None and not anew.lifted.in_run
    assert pickle.dumps(anew.lifted.model.kept) == pickle.dumps(tried.lifted.model.kept)


@pytest.mark.parametrize("change", ["code", "half a file"])
def test_what_is_left_of_other_code_is_learned_again(change: str, tmp_path: Path) -> None:
    run([START, CELL, END], tmp_path, learn=True)
    if change == "code":
        cell = CELL.replace("mean", "median")
    else:
        cell = CELL
        (tmp_path / "learned.pkl").write_bytes((tmp_path / "learned.pkl").read_bytes()[:-20])
    tried = run([START, cell, END], tmp_path)
    assert tried.lifted is not None and not tried.lifted.in_run
    assert not same.differing(tried.lifted.model.prepared(tried.lifted.held)[0][1], tried.names["X_test"])


def test_what_was_learned_of_another_table_is_found_out(tmp_path: Path) -> None:
    run([START, CELL, END], tmp_path, learn=True)
    with (tmp_path / "learned.pkl").open("rb") as file:
        left = pickle.load(file)
    name = next(name for name, value in left["kept"].items() if isinstance(value, float))
    left["kept"][name] += 1
    (tmp_path / "learned.pkl").write_bytes(pickle.dumps(left))
    with pytest.raises(lift.NotRaw, match="come out otherwise than in training"):
        run([START, CELL, END], tmp_path)


def test_joined_tables_are_settled_by_what_training_left(tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("town,rain\nAde,1.0\nBru,2.0\nCor,3.0\nDee,4.0\n")
    cell = (
        'towns = pd.read_csv("towns.csv")\ndf = df.merge(towns, on="town", how="left")\n'
        'X, y = df[["rain", "area"]], df["price"]'
    )
    tried = run([START, cell, END], tmp_path, learn=True)
    assert tried.lifted is not None and tried.lifted.in_run
    assert [each["kept"] for each in tried.lifted.joined] == ["lookup"]


def test_the_rows_are_those_of_the_function_under_the_notebooks_labels(pipeline: Path) -> None:
    given = rows().set_axis(range(100, 140))
    before = given.copy()
    made = by_features(given, str(pipeline / "run"), {"houses": "houses.csv", "other": 1})
    assert made is not given and made.equals(before) and given.equals(before)
    with (pipeline / "run" / "learned.pkl").open("rb") as file:
        left = pickle.load(file)
    assert left["kept"]["mean"] == 19.0 and left["kept"]["setting other"] == 1
    assert [path.name for path in (pipeline / "run").iterdir()] == ["learned.pkl"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('raw["age"] += 1', "column age differs"),
        ("raw = raw.iloc[1:]", "it makes 39 x 2 instead of 40 x 2"),
        ('raw = raw.rename(columns={"area": "age", "age": "area"})', "it stops on its own|it makes other|differs"),
        ('raise ValueError("no  such\\ncolumn")', r"it stops on its own \(ValueError: no such column\)"),
        ('state.learn("lock", __import__("threading").Lock)', "what it learned cannot be kept in a file"),
    ],
)
def test_a_reason_is_told_where_the_notebooks_rows_are_kept(
    line: str, said: str, pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pipeline / "run").mkdir()
    (pipeline / "run" / "learned.pkl").write_bytes(b"of an earlier run")
    says(pipeline, line)
    given = rows()
    assert by_features(given, str(pipeline / "run"), {}) is given
    [sentence] = capsys.readouterr().out.splitlines()
    assert sentence.startswith("The model is fitted on the notebook's own rows, not on those of features.py: ")
    assert re.search(said, sentence)
    assert not list((pipeline / "run").iterdir())


def test_nothing_of_it_is_seen_in_the_step(pipeline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["print('rows')", "import warnings", "warnings.warn('rows')", "import random", "random.random()"]
    lines += ["import numpy", "numpy.random.seed(1)", "import matplotlib.pyplot as plt", "plt.figure()"]
    says(pipeline, "\n    ".join(lines))
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("agg")
    random.seed(3)
    np.random.seed(3)
    expected = random.Random(3).random(), np.random.RandomState(3).rand()
    figures, modules = plt.get_fignums(), set(sys.modules)
    with warnings.catch_warnings(record=True) as told:
        by_features(rows(), str(pipeline), {})
    assert (pipeline / "learned.pkl").is_file()
    assert (random.random(), np.random.rand()) == expected
    assert capsys.readouterr() == ("", "") and not told and plt.get_fignums() == figures
    assert not {"features", "learned"} & (set(sys.modules) - modules)


def test_a_step_that_fills_the_memory_is_left_alone(
    pipeline: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert training_rows.room() > 2**20
    monkeypatch.setattr(training_rows, "room", lambda: 100.0)
    given = rows()
    assert by_features(given, str(pipeline), {"houses": "houses.csv"}) is given
    assert "too little memory" in capsys.readouterr().out


TABLE = pd.DataFrame({"a": [1, 2], "b": [0.5, np.nan], "c": pd.Series(["x", None], dtype=object)})
OTHERS: list[tuple[Any, Any]] = [
    (TABLE, TABLE.to_numpy()),
    (TABLE, TABLE.assign(a=[1.0, 2.0])),
    (TABLE, TABLE.assign(b=[0.5, 0.0])),
    (TABLE, TABLE.assign(c=pd.Series(["x", np.nan], dtype=object))),
    (TABLE, TABLE[["b", "a", "c"]]),
    (TABLE, TABLE.iloc[:1]),
    (TABLE["a"], TABLE["a"].rename("b")),
    (pd.Series(["x", "y"], dtype="category"), pd.Series(["x", "y"], dtype=pd.CategoricalDtype(["y", "x"]))),
    (np.array([1.0, np.nan]), np.array([1.0, 0.0])),
    (np.array([1.0]), np.array([1.0], dtype="float32")),
    (np.array([1, "x"], dtype=object), np.array([True, "x"], dtype=object)),
    (sparse.csr_matrix([[1.0, 0.0]]), sparse.csr_matrix([[0.0, 1.0]])),
    (sparse.csr_matrix([[1.0, 0.0]]), sparse.csc_matrix([[1.0, 0.0]])),
    (["a", 1], ["a", True]),
    ({"a": 1}, {"a": 1}),
]


@pytest.mark.parametrize("pair", OTHERS, ids=lambda pair: type(pair[0]).__name__)
def test_what_is_not_exactly_the_same_differs(pair: tuple[Any, Any]) -> None:
    assert differing(*pair)


@pytest.mark.parametrize(
    "value",
    [TABLE, TABLE["b"], TABLE.astype("category"), TABLE.to_numpy(), np.array([np.nan, 1.0]), np.array(["x", "y"]),
     sparse.csr_matrix([[1.0, 0.0]]), ["a", 1], np.array([["x", None]], dtype=object)],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_a_copy_is_the_same(value: Any) -> None:
    assert differing(value.copy(), value) == ""
