"""Models of every kind that notebooks hand over: packed by their own environment, asked in a fresh process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.publish import pack, parity
from handoff_ext.publish.folder import open_folder
from handoff_ext.publish.packing import key_of
from tests.publish import made

HEAD = """
import numpy as np, pandas as pd
draw = np.random.RandomState(0)
def cut(x, y, at=80):
    return x[:at], y[:at], x[at:], y[at:]
methods = ["predict"]
"""
KINDS = {
    "array_regressor": """
from sklearn.ensemble import RandomForestRegressor
x = draw.rand(120, 3); train_x, train_y, holdout_x, holdout_y = cut(x, x.sum(axis=1))
model = RandomForestRegressor(5, random_state=0).fit(train_x, train_y)
""",
    "several_outputs": """
from sklearn.ensemble import RandomForestClassifier
x = pd.DataFrame(draw.rand(120, 3), columns=["a", "b", "c"])
train_x, train_y, holdout_x, holdout_y = cut(x, (x[["a", "b"]] > 0.5).astype(int))
model = RandomForestClassifier(5, random_state=0).fit(train_x, train_y)
methods = ["predict", "predict_proba"]
""",
    "texts": """
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
x = pd.Series(draw.choice(["good film", "bad film", "a good one", "so bad"], 120), name="review")
y = pd.Series(np.where(x.str.contains("good"), "pos", "neg"))
train_x, train_y, holdout_x, holdout_y = cut(x, y)
model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(train_x, train_y)
methods = ["predict", "predict_proba"]
""",
    "sparse": """
from scipy.sparse import random as sparse_random
from sklearn.naive_bayes import MultinomialNB
x = sparse_random(120, 30, density=0.2, random_state=0, format="csr"); y = draw.randint(0, 3, 120)
train_x, train_y, holdout_x, holdout_y = cut(x, y)
model = MultinomialNB().fit(train_x, train_y)
methods = ["predict", "predict_proba"]
""",
    "notebooks_own_class": """
import definitions
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
class Middle(BaseEstimator, TransformerMixin):
    def fit(self, x, y=None):
        self.middle_ = np.median(x, axis=0); return self
    def transform(self, x):
        return definitions.double(x - self.middle_)
x = draw.rand(120, 2).astype("float32"); train_x, train_y, holdout_x, holdout_y = cut(x, x[:, 0])
model = make_pipeline(Middle(), LinearRegression()).fit(train_x, train_y)
""",
    "choices_and_dates": """
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from definitions import numbers
x = pd.DataFrame({
    "kind": pd.Categorical(draw.choice(["x", "y"], 120), categories=["y", "x", "z"]),
    "day": pd.date_range("2013-01-01", periods=120, freq="36h"),
    "gap": pd.array(np.where(draw.rand(120) < 0.2, None, 3), dtype="Int64"),
    "flag": draw.rand(120) > 0.5,
}, index=range(1000, 1120))
train_x, train_y, holdout_x, holdout_y = cut(x, np.arange(120.0))
model = make_pipeline(FunctionTransformer(numbers), LinearRegression()).fit(train_x, train_y)
""",
    "grid_search": """
from sklearn.model_selection import GridSearchCV
from sklearn.tree import DecisionTreeClassifier
x = pd.DataFrame(draw.rand(120, 2), columns=["a", 7]); x.columns = x.columns.map(str)
train_x, train_y, holdout_x, holdout_y = cut(x, (x["a"] > 0.5))
model = GridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [1, 2]}, cv=2).fit(train_x, train_y)
methods = ["predict", "predict_proba"]
""",
    "clusters": """
from sklearn.cluster import KMeans
x = pd.DataFrame(draw.rand(120, 2), columns=["a", "b"])
train_x, holdout_x, train_y, holdout_y = x[:80], x[80:], None, None
model = KMeans(3, n_init=1, random_state=0).fit(train_x)
""",
}
DEFINITIONS = """
import numpy as np
import pandas as pd


def double(x):
    return 2 * x


def numbers(frame):
    out = pd.DataFrame({"kind": frame["kind"].cat.codes.astype(float)})
    out["day"] = (frame["day"] - pd.Timestamp("2013-01-01")).dt.total_seconds()
    out["gap"] = frame["gap"].fillna(0).astype(float)
    out["flag"] = frame["flag"].astype(float)
    return out
"""


def checked(tmp_path: Path, kind: str, python: str) -> dict[str, Any]:
    code = HEAD + KINDS[kind]
    methods = ("predict", "predict_proba") if "predict_proba" in KINDS[kind] else ("predict",)
    folder = made.make(tmp_path, code, python, methods, DEFINITIONS)
    record = parity(folder)
    assert record.equal, record
    assert record.compared_values >= 3 * 40
    packed = pack(folder)
    assert not list(packed.model.rglob("__pycache__"))
    return packed.described()


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "notebooks_own_class"])
def test_answers_as_in_training(tmp_path: Path, kind: str, other_kernel: Any) -> None:
    checked(tmp_path, kind, str(other_kernel.python))


def test_class_of_the_notebook_itself_is_packed_by_value(tmp_path: Path, other_kernel: Any) -> None:
    described = checked(tmp_path, "notebooks_own_class", str(other_kernel.python))
    assert described["format"] == "cloudpickle"
    package = described["package"]
    code = tmp_path / "flights_pipeline" / "run" / "model" / "packed" / "model" / "code" / package
    assert {path.name for path in code.iterdir()} == {"__init__.py", "definitions.py", "served.py"}


def test_rows_that_cannot_be_sent_are_refused_with_what_they_are(tmp_path: Path, other_kernel: Any) -> None:
    code = HEAD + KINDS["clusters"] + 'holdout_x = pd.DataFrame({"a": [[1], [2]] * 20, "b": [1, 2] * 20})\n'
    code += "class Any_:\n    def predict(self, x):\n        return np.zeros(len(x))\nmodel = Any_()\n"
    folder = made.make(tmp_path, code, str(other_kernel.python), ("predict",), DEFINITIONS)
    with pytest.raises(HandoffError, match="column a, which holds list"):
        pack(folder)
    assert not (folder / "run" / "model" / "packed").exists()
    assert not list((folder / "run" / "model").glob("packing-*"))


def test_changed_definitions_make_a_new_pack(flights: Path) -> None:
    first = key_of(open_folder(flights))
    path = flights / "definitions.py"
    try:
        path.write_text(made.DEFINITIONS + "\nADDED = 1\n")
        assert key_of(open_folder(flights)) != first
    finally:
        path.write_text(made.DEFINITIONS)
    assert key_of(open_folder(flights)) == first
