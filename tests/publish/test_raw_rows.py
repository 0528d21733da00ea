"""A model whose features the notebook makes is packed so that it takes raw rows, where that is shown to be the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from handoff_ext.cells.read import read_notebook
from handoff_ext.contracts.profile import Lookup
from handoff_ext.features.writing import BESIDE
from handoff_ext.monitor.lookups import Known
from handoff_ext.pipeline.features import feature_files
from handoff_ext.pipeline.judged import model_of
from handoff_ext.pipeline.models import find_models
from handoff_ext.pipeline.preparing import imported_names, prepare
from handoff_ext.publish import pack, packing, parity
from handoff_ext.publish.folder import open_folder, read_json
from handoff_ext.publish.packing import asked_once
from handoff_ext.publish.signature import signature
from handoff_ext.publish.versionfolder import PIPELINE_PARTS
from tests.features.notebooks import table
from tests.publish import made

CODE = """
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
df = pd.read_csv("HOUSES")
df = df[df["town"] != "Dee"]
df["age"] = df["age"].fillna(df["age"].mean())
FEATURE
X = pd.get_dummies(df[["town", "area", "age", "more"]])
y = df["price"]
train_x, holdout_x, train_y, holdout_y = train_test_split(X, y, random_state=0)
model = Ridge()
model.fit(train_x, train_y)
model.predict(holdout_x)
methods = ["predict"]
"""


def pipeline(folder: Path, feature: str, python: str) -> Path:
    """A pipeline's folder as a run leaves it, with what extraction writes of the features."""
    table().to_csv(folder / "houses.csv", index=False)
    code = CODE.replace("HOUSES", str(folder / "houses.csv")).replace("FEATURE", feature)
    made_ = made.make(folder, code, python, methods=("predict",), plan=None, name="houses")
    notebook = read_notebook(folder / "houses.ipynb")
    imports = imported_names(notebook)
    units, drafts = prepare(notebook, imports, ".")
    candidate = find_models(notebook, imports).chosen
    assert candidate is not None
    model = model_of(candidate, lambda index: ("train", notebook.cells[index].id))
    drafts = {name: draft for name, draft in drafts.items() if draft.type != "path"}
    for name, text in feature_files(notebook, candidate, model, drafts, ()).items():
        (made_ / name).write_text(text)
    assert units is not None
    return made_


@pytest.fixture(scope="module")
def python(other_kernel: Any) -> str:
    return str(other_kernel.python)


def test_raw_rows_are_proven_and_those_out_of_scope_get_no_answer(
    tmp_path: Path, python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(packing.BOUND, "limits", {"rows": 30, "batches": 1_000})
    monkeypatch.setitem(packing.BOUND, "alone", 10)
    folder = pipeline(tmp_path, 'df["more"] = df["area"] ** 2', python)
    packed = pack(folder)
    assert packed.level == "raw", packed.note
    assert [column["name"] for column in packed.described()["columns"]] == ["town", "area", "age"]
    record = parity(folder)
    assert record.equal and record.level == "raw"
    assert record.training_rows > 100 and record.holdout_rows > 40
    assert {column.name for column in record.columns if column.kind == "input"} >= {"area", "age", "more", "town_Ade"}
    assert all(column.different == 0 for column in record.columns)
    assert signature(packed.described())["inputs"] == [
        {"name": "town", "type": "string", "required": True},
        {"name": "area", "type": "long", "required": True},
        {"name": "age", "type": "double", "required": False},
    ]
    measured = read_json(packed.folder / "inputs.json")["inputs"]
    houses = pd.read_csv(tmp_path / "houses.csv")
    assert houses["area"].min() <= measured["area"]["min"] < measured["area"]["max"] <= houses["area"].max()
    assert measured["age"]["missing"] > 0
    assert set(measured["town"]["categories"]) == {"Ade", "Bru", "Cor"}, "of the rows in scope"
    rows = {"columns": ["town", "area", "age"], "data": [["Ade", 80, None], ["Dee", 80, 3.0], ["Bru", 90, 4.0]]}
    answers = asked_once(open_folder(folder), packed, rows)["prediction"]
    assert answers[1] is None and isinstance(answers[0], float) and isinstance(answers[2], float)
    training, held = record.training_rows, record.holdout_rows
    every = f"all {held + training} rows"
    table_, one_by_one, batches = record.ways
    assert table_ == f"the table at once ({every})" and batches == f"shuffled in batches of 7 ({every})"
    assert f"30 of {held} hold-out rows" in one_by_one and f"30 of {training} training rows" in one_by_one
    assert "evenly spread" in one_by_one and "the model alone for" in one_by_one
    whole = parity(folder, every_row=True)
    assert whole.equal and whole.every_row and not record.every_row
    assert whole.ways[1] == f"row by row ({every})"
    code = (folder / "features.py").read_text() + (folder / "learned.py").read_text()
    assert "handoff" not in code, "plain code that runs without us"
    assert parity(folder) == whole, "what all rows were asked about stays with the run"


def test_what_one_row_cannot_have_keeps_the_prepared_rows_and_says_where(tmp_path: Path, python: str) -> None:
    folder = pipeline(tmp_path, 'df["more"] = df["area"].rank()', python)
    packed = pack(folder)
    assert packed.level == "prepared"
    assert "Cell 2, line 8" in packed.note and "more" in packed.note
    record = parity(folder)
    assert record.equal and record.level == "prepared"
    assert record.why_prepared == packed.note


def test_what_a_step_imports_travels_with_the_version() -> None:
    assert {path.name for path in BESIDE} <= set(PIPELINE_PARTS)


@pytest.mark.slow
def test_keys_of_a_joined_table_are_known_to_whoever_watches(tmp_path: Path, python: str) -> None:
    (tmp_path / "towns.csv").write_text("town,rain\nAde,1.0\nBru,2.0\nNew,4.0\n")
    feature = (
        f'towns = pd.read_csv("{tmp_path / "towns.csv"}")\n'
        'df = df.merge(towns, on="town", how="left")\n'
        'df["more"] = df["rain"].fillna(0)'
    )
    folder = pipeline(tmp_path, feature, python)
    packed = pack(folder)
    assert packed.level == "raw", packed.note
    (lookup,) = read_json(packed.folder / "inputs.json")["lookups"]
    assert (lookup["table"], lookup["keys"]) == ("towns", ["town"])
    assert 0 < lookup["found"] < 1, "not every town of the table is in it"
    import pyarrow as pa

    rows = pa.table({"in:town": ["Ade", "Elsewhere", None, "New"]})
    assert Known(Lookup.model_validate(lookup)).absent(rows).tolist() == [False, True, False, False]
