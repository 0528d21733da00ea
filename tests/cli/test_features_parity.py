"""``handoff features`` and ``handoff parity``: what they print, their JSON, their exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

import handoff_ext.publish
from handoff_ext.cli import main
from handoff_ext.contracts.evidence import ColumnParity, ParityRecord

CODE = """
import pandas as pd
from sklearn.linear_model import Ridge
df = pd.read_csv("houses.csv")
df["age"] = df["age"].fillna(df["age"].mean())
df["before"] = df["area"].shift(1)
towns = pd.read_csv("towns.csv")
df = df.merge(towns, on="town", how="left")
X = df[["area", "age", "before", "people"]]
model = Ridge().fit(X, df["price"])
model.predict(X)
"""


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    path = tmp_path / "houses.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)]), path)
    return path


def said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0), capsys.readouterr().out


def test_features_of_a_notebook_as_a_table(notebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = said(["features", str(notebook)], capsys)
    assert code == 0
    assert "Rows of `df`, not tested yet." in out
    for words in ("Raw columns", "Model inputs", "Kept from training", "Joined tables", "Doubts", "cell 1, line 7"):
        assert words in out
    assert "needs the row before" in " ".join(out.split())


def test_features_of_a_notebook_as_json(notebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = "columns:\n  area: {known_when_deciding: false, reason: measured at the sale}\n"
    notebook.with_name("houses.handoff.yaml").write_text(plan)
    code, out = said(["features", str(notebook), "--format", "json"], capsys)
    found = json.loads(out)
    assert (code, found["version"], found["frame"], found["level"]) == (0, 1, "df", "")
    assert [each["name"] for each in found["inputs"]] == ["area", "age", "before", "people"]
    area = next(each for each in found["columns"] if each["name"] == "area")
    assert (area["mark"], area["known"]) == ("not available when deciding", False)
    assert area["doubt"] == "`area` is not known when deciding. measured at the sale"
    [join] = found["joins"]
    assert (join["table"], join["keys"], join["of_rows"]) == ("towns", ["town"], False)
    assert found["doubts"][0]["mark"] == "needs the whole table"


def test_features_of_what_is_no_notebook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.ipynb").write_text("{")
    with pytest.raises(SystemExit) as ended:
        main(["features", str(tmp_path / "broken.ipynb")])
    assert ended.value.code == 2 and capsys.readouterr().err.startswith("handoff: ")


def answered(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    columns = [
        ColumnParity(name="area", kind="input", values=300, different=0),
        ColumnParity(name="more", kind="input", values=300, different=2, max_difference=0.5),
    ]
    given = {"equal": True, "level": "raw", "rows": 100, "compared_values": 600, "columns": columns}
    given |= {"ways": ["row by row (100)"], "holdout_rows": 60, "training_rows": 40, **changes}
    monkeypatch.setattr(handoff_ext.publish, "parity", lambda *_: ParityRecord.model_validate(given))


def test_parity_says_yes_with_each_column(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answered(monkeypatch)
    code, out = said(["parity", "p"], capsys)
    assert code == 0
    assert "Same answers live as in training: 600 values" in out
    assert "Raw rows: 60 of the hold-out, 40 of training." in out
    lines = [line.split() for line in out.splitlines()]
    assert ["more", "input", "300", "2", "0.5"] in lines and ["area", "input", "300", "0", "0"] in lines


def test_parity_says_no_with_the_worst_rows_and_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    worst = [{"row": 4, "output": "input more", "way": "row by row", "difference": 0.5}]
    answered(monkeypatch, equal=False, worst=worst, reason="2 of 600 values differ.")
    code, out = said(["parity", "p"], capsys)
    assert code == 1
    assert "The answers differ from training" in out and "row 5: more, asked row by row, difference 0.5" in out
    code, out = said(["parity", "p", "--format", "json"], capsys)
    assert code == 1 and json.loads(out)["worst"] == worst


def test_parity_of_prepared_rows_says_which_cell_stands_in_the_way(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answered(monkeypatch, level="prepared", why_prepared="Cell 2, line 8: `rank` needs all other rows.")
    code, out = said(["parity", "p"], capsys)
    assert code == 0 and "Cell 2, line 8: `rank` needs all other rows." in out and "Raw rows" not in out
