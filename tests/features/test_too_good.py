"""A column that is too good to be true shows up as a number and one plain sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression, LogisticRegression

from handoff_ext.cells.read import read_notebook
from handoff_ext.checks import check_notebook
from handoff_ext.checks.worth import too_good
from handoff_ext.contracts.evidence import ColumnsRecord
from handoff_ext.publish.inside import importance, rows, worth

DRAW = np.random.RandomState(4)
N = 600


def judged(model: Any, table: pd.DataFrame, truth: pd.Series, moments: Any = None) -> ColumnsRecord:
    model.fit(table[:400], truth[:400])
    held, told = table[400:].reset_index(drop=True), truth[400:].reset_index(drop=True)
    classes = model.classes_.tolist() if hasattr(model, "classes_") else None
    described = {**rows.describe(held), "classes": classes}
    drops = importance.permuted(model, held, told, described, classes)
    found = worth.judged(model, held, told, table[:400], truth[:400], described, drops, moments)
    return ColumnsRecord.model_validate(json.loads(json.dumps(found, allow_nan=False)))


def inputs() -> pd.DataFrame:
    return pd.DataFrame({name: DRAW.normal(size=N) for name in ("size", "age", "rooms")})


def test_a_column_that_is_the_answer_is_named_with_its_score() -> None:
    table = inputs()
    truth = (table["size"] + table["age"] + DRAW.normal(size=N) > 0).astype(int)
    table["refund"] = truth * 2.0 + DRAW.normal(scale=0.1, size=N)
    record = judged(LogisticRegression(), table, truth)
    assert record.measure == "ROC AUC"
    sentences = too_good(record)
    assert list(sentences) == ["refund"]
    assert sentences["refund"].startswith("`refund` alone scores 1.00, the whole model 1.00 (ROC AUC)")
    refund = next(each for each in record.columns if each.name == "refund")
    assert refund.without is not None and refund.without > 0.2


def test_columns_that_only_help_together_are_no_doubt() -> None:
    table = inputs()
    truth = table["size"] + table["age"] - table["rooms"] + DRAW.normal(scale=0.3, size=N)
    record = judged(LinearRegression(), table, truth)
    assert record.measure == "R²" and not too_good(record)
    assert all(each.alone is not None and 0.1 < each.alone < 0.6 for each in record.columns)


def test_what_holds_only_for_the_past_fades_on_later_rows() -> None:
    table = inputs()
    truth = table["size"] + DRAW.normal(scale=0.2, size=N) + table["age"]
    table["backfilled"] = np.where(np.arange(N) < 430, truth, DRAW.normal(size=N))
    when = pd.date_range("2024-01-01", periods=N, freq="D").to_numpy()
    record = judged(LinearRegression(), table, truth, when)
    fading = next(each for each in record.columns if each.name == "backfilled")
    assert fading.later is not None and fading.random is not None and fading.random - fading.later > 0.3
    assert "on later" in too_good(record)["backfilled"]


def test_more_classes_and_texts() -> None:
    table = pd.DataFrame({"a": DRAW.randint(0, 9, N), "b": DRAW.randint(0, 9, N), "c": DRAW.randint(0, 9, N)})
    truth = pd.Series(np.array(["low", "mid", "top"])[table["a"] // 3])
    record = judged(LogisticRegression(max_iter=500), table, truth)
    assert record.measure == "right answers" and list(too_good(record)) == ["a"]


def test_moments_are_found_in_dates_texts_and_parts() -> None:
    days = pd.Series(pd.date_range("2024-01-01", periods=40, freq="D"))
    for table in (
        pd.DataFrame({"x": range(40), "day": days}),
        pd.DataFrame({"x": range(40), "day": days.dt.strftime("%d %b %Y")}),
        pd.DataFrame({"Year": days.dt.year, "month": days.dt.month, "day": days.dt.day}),
    ):
        assert worth.moments(table).tolist() == days.to_numpy(dtype="datetime64[ns]").tolist()
    assert worth.moments(pd.DataFrame({"x": range(40), "town": ["Ade", "Bru"] * 20})) is None


CODE = """
import pandas as pd
from sklearn.linear_model import LogisticRegression
df = pd.read_csv("a.csv")
X = df[["size", "age", "refund"]]
y = df["bad"]
model = LogisticRegression().fit(X, y)
"""


def test_the_check_warns_where_it_is_used_until_the_plan_answers(tmp_path: Path) -> None:
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)]), tmp_path / "book.ipynb")
    notebook = read_notebook(tmp_path / "book.ipynb")

    def told(plan: dict[str, Any] | None = None) -> list[str]:
        return [each.message for each in check_notebook(notebook, plan).findings if each.rule == "FEAT005"]

    assert told() == []
    evidence = tmp_path / "book_pipeline" / "evidence"
    evidence.mkdir(parents=True)
    columns = [{"name": "size", "alone": 0.6}, {"name": "age", "alone": 0.5}, {"name": "refund", "alone": 0.97}]
    record = {"measure": "ROC AUC", "model": 0.98, "chance": 0.5, "columns": columns}
    (evidence / "columns.json").write_text(json.dumps(record))
    asked = "is it known when deciding, or made from the answer?"
    assert told() == [f"`refund` alone scores 0.97, the whole model 0.98 (ROC AUC): {asked}"]
    assert told({"columns": {"refund": {"known_when_deciding": True, "reason": "asked at the counter"}}}) == []
    (evidence / "columns.json").write_text("{")
    assert told() == []
