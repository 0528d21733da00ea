"""The mean of the answer by group, taken before the split and joined back, is told with its line and what to do."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from handoff_ext.cells.read import read_notebook
from handoff_ext.contracts.features import Features
from handoff_ext.pipeline.features import features_of

LOAD = """import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
df = pd.read_csv("houses.csv")
"""
SPLIT = """X, y = df[["area", "town_price"]], df["price"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
"""
FIT = "model = Ridge().fit(X_train, y_train)\nguess = model.predict(X_test)"
ENCODED = {
    "mapped": 'means = df.groupby("town")["price"].mean()\ndf["town_price"] = df["town"].map(means)',
    "mapped on the spot": 'df["town_price"] = df["town"].map(df.groupby("town")["price"].mean())',
    "a dictionary": 'means = df.groupby("town").price.mean().to_dict()\ndf["town_price"] = df["town"].replace(means)',
    "transform": 'df["town_price"] = df.groupby("town")["price"].transform("mean")',
    "merged": (
        'means = df.groupby("town", as_index=False)["price"].mean().rename(columns={"price": "town_price"})\n'
        'df = df.merge(means, on="town", how="left")'
    ),
    "named sums": (
        'means = df.groupby("town").agg(town_price=("price", "median")).reset_index()\ndf = df.merge(means, on="town")'
    ),
    "a pivot table": (
        'means = df.pivot_table(index="town", values="price")["price"]\ndf["town_price"] = df["town"].map(means)'
    ),
}
FINE = {
    "of another column": 'df["town_price"] = df.groupby("town")["area"].transform("mean")',
    "only looked at": 'print(df.groupby("town")["price"].mean())\ndf["town_price"] = df["area"] * 2',
    "a mean of all": 'df["town_price"] = df["area"].fillna(df["area"].mean())',
}
TRAINING_ONLY = """train, test = train_test_split(df, random_state=1)
means = train.groupby("town")["price"].mean()
train["town_price"], test["town_price"] = train["town"].map(means), test["town"].map(means)
X_train, X_test = train[["area", "town_price"]], test[["area", "town_price"]]
y_train, y_test = train["price"], test["price"]
"""


def told(tmp_path: Path, *cells: str) -> Features:
    made = [nbformat.v4.new_code_cell(each, id=f"c{number}") for number, each in enumerate(cells)]
    nbformat.write(nbformat.v4.new_notebook(cells=made), tmp_path / "book.ipynb")
    return features_of(read_notebook(tmp_path / "book.ipynb"))


@pytest.mark.parametrize("name", ENCODED)
def test_it_needs_the_answer(name: str, tmp_path: Path) -> None:
    found = told(tmp_path, LOAD, ENCODED[name], SPLIT, FIT)
    [doubt] = [each for each in found.doubts if each.mark == "needs the answer"]
    assert (doubt.place.cell, doubt.place.line) == (2, 1)
    assert "takes the answer `price` of all rows" in doubt.message and "state." not in doubt.message
    assert "training rows only" in doubt.repair
    assert {each.name: each.mark for each in found.inputs} == {
        "area": "same at serving",
        "town_price": "needs the answer",
    }


@pytest.mark.parametrize("name", FINE)
def test_other_groups_do_not(name: str, tmp_path: Path) -> None:
    found = told(tmp_path, LOAD, FINE[name], SPLIT, FIT)
    assert not found.doubts and {each.mark for each in found.inputs} == {"same at serving"}


def test_taken_over_the_training_rows_it_is_a_lookup_like_any_other(tmp_path: Path) -> None:
    assert not told(tmp_path, LOAD, TRAINING_ONLY, FIT).doubts
