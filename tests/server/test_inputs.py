"""The section Inputs: where the open notebook's inputs come from."""

from __future__ import annotations

from handoff_ext.contracts.sidebar import StepsRequest
from handoff_ext.server.analysis.notebooks import Notebooks
from tests.server.test_steps import asked

CELLS = {
    "i": "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression",
    "l": 'raw = pd.read_csv("flights.csv")',
    "f": 'raw["wind"] = raw["gust"].fillna(raw["gust"].mean())\nraw["early"] = raw["hour"] < 8',
    "g": 'raw["last"] = raw["gust"].shift(1)',
    "x": 'X, y = raw[["wind", "early", "distance", "last"]], raw["late"]',
    "t": "model = LogisticRegression()\nmodel.fit(X, y)\nmodel.predict(X)",
}


def answer(tmp_path, cells=CELLS):
    return Notebooks().inputs(tmp_path, StepsRequest(**asked(sources=cells)))


def test_each_input_with_its_origin_and_line(tmp_path):
    found = {each.name: each for each in answer(tmp_path).features.inputs}
    assert {name: each.origin for name, each in found.items()} == {
        "wind": "fitted state",
        "early": "derived",
        "distance": "raw column",
        "last": "derived",
    }
    assert found["early"].columns == ["hour"]
    assert (found["early"].place.cell_id, found["early"].place.line) == ("f", 2)


def test_a_line_that_needs_the_whole_table_is_a_doubt(tmp_path):
    [doubt] = answer(tmp_path).features.doubts
    assert (doubt.mark, doubt.place.cell_id) == ("needs the whole table", "g")
    assert doubt.repair


def test_a_column_that_the_plan_says_is_not_known_is_asked_about(tmp_path):
    (tmp_path / "a.handoff.yaml").write_text(
        "version: 1\ncolumns:\n  distance:\n    known_when_deciding: true\n  gust:\n    known_when_deciding: false\n"
    )
    columns = {each.name: each for each in answer(tmp_path).features.columns}
    assert columns["gust"].mark == "not available when deciding" and columns["gust"].doubt
    assert columns["distance"].known is True and not columns["distance"].doubt
    assert columns["hour"].mark == "never declared"


def test_without_a_table_it_says_why(tmp_path):
    cells = CELLS | {"l": "raw = make()", "i": CELLS["i"] + "\ndef make():\n    return {}"}
    assert "not made of a table" in answer(tmp_path, cells).problem
