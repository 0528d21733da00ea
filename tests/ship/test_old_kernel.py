"""The whole road where the kernel is years older than we are and knows neither MLflow nor us."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.ship.conftest import ship, steps, write_messy

PIPELINE = """\
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder
rows["wide"] = np.where(rows.petal_width > 1, "wide", "narrow")
rows.loc[::7, "sepal_width"] = np.nan
X = rows.drop(columns=["species"])
y = rows["species"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
"""
MODEL = """\
model = Pipeline([
    ("prepare", ColumnTransformer([
        ("kind", OneHotEncoder(sparse=False, handle_unknown="ignore"), ["wide"]),
        ("gap", SimpleImputer(), ["sepal_width", "petal_area"]),
    ])),
    ("model", LogisticRegression(max_iter=1000)),
])
model.fit(X_train, y_train)
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_notebook_of_an_old_kernel_is_handed_over(tmp_path: Path, old_kernel: Any) -> None:
    notebook = write_messy(tmp_path, cell_5=PIPELINE, cell_6=MODEL)
    code, answer, _ = ship(notebook, "--name", "flowers", "--yes", "--kernel", old_kernel.name)
    assert code == 0, answer["steps"][-1]
    assert {status for step, status in steps(answer).items() if step != "features"} == {"ok"}
    assert answer["verdict"] == "handed over"
    files = next((tmp_path / "mlruns").rglob("MLmodel")).parent
    requirements = (files / "requirements.txt").read_text()
    for pin in ("pandas==1.5.3", "scikit-learn==1.1.3", "numpy==1.23.5"):
        assert re.search(rf"^{re.escape(pin)} ", requirements, re.M), pin
    record = json.loads((files / "evidence" / "rehearsal.json").read_text())
    assert record["predicts"]["passed"]
    assert record["predicts"]["compared_values"] >= 38
