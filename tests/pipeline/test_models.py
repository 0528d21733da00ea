"""Which model is handed over, and which rows it is fitted and judged on."""

from __future__ import annotations

from pathlib import Path

import pytest

from handoff_ext.contracts.pipeline import Model
from handoff_ext.pipeline import extract
from tests.pipeline.notebooks import write_notebook_of

HEAD = """
%% -
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.metrics import accuracy_score
frame = pd.read_csv("rows.csv")
%% -
X_train, X_test, y_train, y_test = train_test_split(frame[["a", "b"]], frame["y"], random_state=0)
"""


def handed_over(text: str, folder: Path) -> Model | None:
    return extract(write_notebook_of(HEAD + text, folder / "n.ipynb"), use_suggestions=True).model


@pytest.mark.parametrize(
    "rows", ["X_test_transformed", "X_test_trf", "X_val", "test_X", "scaler.transform(X_test)", "X_te", "X_train[test]"]
)
def test_rows_held_out_are_known_by_their_name(rows: str, tmp_path: Path) -> None:
    name = rows if rows.isidentifier() else "unused"
    model = handed_over(
        f"""
%% -
test = y_train > 0
scaler = StandardScaler()
X_train_trf = scaler.fit_transform(X_train)
X_te = {name} = scaler.transform(X_test)
%% -
clf = LogisticRegression()
clf.fit(X_train_trf, y_train)
print(clf.predict(X_train_trf))
%% -
answers = clf.predict({rows})
print(accuracy_score(y_test, answers))
""",
        tmp_path,
    )
    assert model and model.holdout
    assert (model.variable, model.holdout.x, model.holdout.y) == ("clf", rows, "y_test")


@pytest.mark.parametrize("rows", ["X_train_trf", "X_tr", "train_X", "xtrain"])
def test_rows_fitted_on_are_no_hold_out(rows: str, tmp_path: Path) -> None:
    model = handed_over(
        f"""
%% -
{rows} = StandardScaler().fit_transform(X_train)
%% -
clf = LogisticRegression()
clf.fit({rows}[:50], y_train[:50])
print(accuracy_score(y_train, clf.predict({rows})))
""",
        tmp_path,
    )
    assert model and model.holdout is None


def test_clusters_are_a_model_though_never_asked(tmp_path: Path) -> None:
    """The last one fitted, not those that the number of clusters was looked for with."""
    model = handed_over(
        """
%% -
from sklearn.cluster import KMeans, DBSCAN
inertias = []
for k in range(1, 5):
    tried = KMeans(n_clusters=k, random_state=0)
    tried.fit(X_train)
    inertias.append(tried.inertia_)
%% -
groups = KMeans(n_clusters=3, random_state=0)
frame.loc[X_train.index, "group"] = groups.fit_predict(X_train)
%% -
others = DBSCAN().fit_predict(X_train)
""",
        tmp_path,
    )
    assert model and (model.variable, model.train and model.train.x) == ("groups", "X_train")


def test_a_score_is_a_metric_with_its_truth(tmp_path: Path) -> None:
    made = extract(
        write_notebook_of(
            HEAD
            + """
%% -
clf = LogisticRegression().fit(X_train, y_train)
print("{:.2f} {:.2f}".format(clf.score(X_train, y_train), clf.score(X_test, y_test)))
""",
            tmp_path / "n.ipynb",
        ),
        use_suggestions=True,
    )
    assert made.model and made.model.holdout
    assert (made.model.holdout.x, made.model.holdout.y) == ("X_test", "y_test")
    assert {each.name: each.expression for each in made.metrics} == {
        "score": "clf.score(X_test, y_test)",
        "train score": "clf.score(X_train, y_train)",
    }


@pytest.mark.parametrize(("between", "rows"), [("", "X_train"), ("X_train = X_train * 2", "dataset")])
def test_a_booster_of_lightgbm_is_fitted_on_the_table_of_its_dataset(between: str, rows: str, tmp_path: Path) -> None:
    model = handed_over(
        f"""
%% -
import lightgbm as lgb
dataset = lgb.Dataset(X_train, label=y_train)
{between}
%% -
booster = lgb.train({{"objective": "binary"}}, dataset)
%% -
print(accuracy_score(y_test, booster.predict(X_test) > 0.5))
""",
        tmp_path,
    )
    assert model and model.train
    assert (model.variable, model.train.x, model.train.y) == ("booster", rows, "y_train" if rows == "X_train" else None)
