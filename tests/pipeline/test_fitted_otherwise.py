"""Models that are fitted on no table: on a booster's own container, by a formula. What stands for their rows."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from handoff_ext.cells.read import read_notebook
from handoff_ext.pipeline.features import features_of
from handoff_ext.pipeline.formulas import names
from handoff_ext.pipeline.models import Candidate, find_models
from handoff_ext.pipeline.preparing import imported_names

LOAD = """import pandas as pd
import xgboost as xgb
import statsmodels.formula.api as smf
df = pd.read_csv("houses.csv")
train, test = df[:100], df[100:]
X_train, X_test, y_train, y_test = train[["area"]], test[["area"]], train["price"], test["price"]
"""
BOOSTER = (
    "d = xgb.DMatrix(X_train, label=y_train)\ne = xgb.DMatrix(X_test)\nm = xgb.train({}, d)\nguess = m.predict(e)\n"
)


def chosen(tmp_path: Path, code: str) -> Candidate:
    cells = [nbformat.v4.new_code_cell(each, id=f"c{n}") for n, each in enumerate([LOAD, code])]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "book.ipynb")
    notebook = read_notebook(tmp_path / "book.ipynb")
    found = find_models(notebook, imported_names(notebook)).chosen
    assert found is not None
    return found


def test_a_booster_is_fitted_and_asked_with_the_tables_of_its_containers(tmp_path: Path) -> None:
    found = chosen(tmp_path, BOOSTER)
    assert (found.fit.x, found.fit.y) == ("X_train", "y_train")
    assert [each.asks for each in found.asked] == ["X_test"]


@pytest.mark.parametrize(
    "code",
    [
        BOOSTER.replace("predict(e)", "predict(e, iteration_range=(0, 3))"),
        BOOSTER.replace("predict(e)", "predict(e, True)"),
        BOOSTER.replace("DMatrix(X_test)", "DMatrix(X_test, missing=-1.0)"),
        BOOSTER.replace("label=y_train", "label=y_train, missing=-1.0"),
        BOOSTER.replace("DMatrix(X_test)", "DMatrix('rows.libsvm')[0]").replace("e = ", "e, f = 1, "),
        BOOSTER.replace("m = xgb", "X_train = X_train * 2\nm = xgb"),
    ],
    ids=["trees", "margins", "missing", "missing in training", "made elsewhere", "table changed"],
)
def test_what_no_table_stands_for_is_refused_with_its_cell(code: str, tmp_path: Path) -> None:
    found = chosen(tmp_path, code)
    assert found.fit.x == "" and not any(each.asks for each in found.asked)
    reason = features_of(read_notebook(tmp_path / "book.ipynb")).reason
    line = code.splitlines().index("m = xgb.train({}, d)") + 1
    assert reason.startswith(f"Cell 2, line {line}: `m` takes no table") and "XGBClassifier" in reason


@pytest.mark.parametrize(
    "fit",
    [
        'm = smf.ols("price ~ area + C(town)", data=train).fit()',
        'm = smf.ols("price ~ area + C(town)", train).fit()',
        'm = smf.ols(formula="price ~ area + C(town)", data=train).fit(disp=0)',
        'asked = smf.ols("price ~ area + C(town)", data=train)\nm = asked.fit()',
    ],
)
def test_a_formula_says_which_columns_are_the_rows_and_the_answer_is_none(fit: str, tmp_path: Path) -> None:
    found = chosen(tmp_path, fit + "\nguess = m.predict(test)")
    assert (found.fit.x, found.fit.y) == ("train[['area', 'town']]", "train['price']")
    assert [each.asks for each in found.asked] == ["test[['area', 'town']]"]


def test_a_formula_put_together_by_code_is_refused_with_its_cell(tmp_path: Path) -> None:
    code = 'm = smf.ols("price ~ " + " + ".join(df.columns[1:]), data=train).fit()\nguess = m.predict(test)'
    found = chosen(tmp_path, code)
    assert not any(each.asks for each in found.asked)
    reason = features_of(read_notebook(tmp_path / "book.ipynb")).reason
    assert reason.startswith("Cell 2, line 1: `m` takes no table") and "formula" in reason


@pytest.mark.parametrize(
    ("side", "columns"),
    [
        ("area + age", ["area", "age"]),
        ("np.log(area) + C(town, Treatment('Ade')) - 1", ["area", "town"]),
        ("Q('sale price'):area + I(age ** 2)", ["area", "age", "sale price"]),
        ("bs(age, df=4) * town", ["age", "town"]),
        ("1", []),
    ],
)
def test_names_of_a_formula(side: str, columns: list[str]) -> None:
    assert names(side) == columns
