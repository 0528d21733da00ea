"""Steps: suggested, kept as tags, with what they pull in."""

from __future__ import annotations

import pytest

from handoff_ext.contracts.sidebar import StepsAnswer, StepsRequest
from handoff_ext.server.analysis.notebooks import Notebooks

SOURCES = {
    "i": "import pandas as pd\n"
    "from sklearn.linear_model import LogisticRegression\n"
    "from sklearn.metrics import accuracy_score",
    "l": 'raw = pd.read_csv("flights.csv")',
    "e": "raw.describe()",
    "f": 'X, y = raw[["distance"]], raw["late"]\nX_test, y_test = X[:9], y[:9]',
    "t": "model = LogisticRegression().fit(X, y)",
    "s": "accuracy = accuracy_score(y_test, model.predict(X_test))",
}


def asked(tags=None, model=None, sources=SOURCES, **more):
    cells = [
        {"id": id_, "kind": "code", "source": source, "tags": (tags or {}).get(id_, [])}
        for id_, source in sources.items()
    ]
    return {"notebook": {"path": "a.ipynb", "order": list(sources), "changed": cells, **more}, "model": model}


@pytest.fixture
def steps(tmp_path):
    return lambda *args, **kwargs: Notebooks().steps(tmp_path, StepsRequest(**asked(*args, **kwargs)))


def test_suggested_steps_and_the_change_that_keeps_them(steps):
    answer = steps()
    assert [(row.stage, row.title) for row in answer.steps] == [
        ("load", "Load"),
        ("features", "Prepare"),
        ("train", "Train"),
        ("evaluate", "Evaluate"),
    ]
    assert all(cell.suggested and cell.reason for cell in answer.cells)
    assert "e" in answer.left_out and answer.models[0].variable == "model" and answer.models[0].chosen
    tags = {cell_id: list(every) for cell_id, every in answer.change.tags.items()}
    assert tags["t"] == ["stage:train"]
    kept = steps(tags)
    assert [row.model_dump() for row in kept.steps] == [row.model_dump() for row in answer.steps]
    assert kept.left_out == answer.left_out
    assert not kept.change.tags and not any(cell.suggested for cell in kept.cells)


def test_a_tagged_cell_pulls_in_what_it_needs_and_says_why(steps):
    answer = steps({"t": ["stage:fit"]})
    [row] = answer.steps
    assert (row.stage, row.title, row.cells, row.pulled) == ("fit", "Fit", ["t"], ["l", "f"])
    assert row.pulled_reason == "cell 2: cell 4 needs `raw`; cell 4: cell 5 needs `X`"
    assert {cell.cell_id for cell in answer.cells if cell.pulled} == {"l", "f"}


def test_what_cannot_be_cut_is_said_and_the_tags_stay_shown(steps):
    answer = steps({"t": ["stage:train", "stage:other"]})
    assert "two steps" in answer.problem
    assert answer.steps[0].cells == ["t"]


CONNECTION = {
    "c": "import sqlite3\ncon = sqlite3.connect('shop.db')",
    "l": "import pandas as pd\nsales = pd.read_sql('select * from sales', con)",
    "r": "more = pd.read_sql('select * from more', con)",
}


def test_what_each_step_can_make_for_itself_is_offered_as_an_edit(steps):
    tags = {"c": ["stage:load"], "l": ["stage:load"], "r": ["stage:report"]}
    answer = steps(tags, sources=CONNECTION)
    assert "`con` (cell 1, line 2) is a database connection" in answer.problem and "tag cell 1 repeat" in answer.problem
    assert answer.again_name == "con"
    assert answer.again.tags == {"c": ("repeat", "stage:load")}
    done = steps(tags | {"c": list(answer.again.tags["c"])}, sources=CONNECTION)
    assert (done.problem, done.again_name) == ("", "")
    assert [(row.stage, row.cells) for row in done.steps] == [("load", ["c", "l"]), ("report", ["r"])]


@pytest.mark.parametrize(
    "changes",
    [
        {"l": "import pandas as pd\nsales = con.execute('delete from sales returning *').fetchall()"},
        {"c": "con = (each for each in range(3))", "l": "sales = next(con)", "r": "more = list(con)"},
        {"c": "con = open('shop.txt')", "l": "sales = con.readline()", "r": "more = con.readline()"},
        {"c": "import h5py\ncon = h5py.File('shop.h5', 'w')", "l": "sales = len(con)", "r": "more = len(con)"},
    ],
    ids=["changed in between", "a generator", "a reader", "opened for writing"],
)
def test_what_would_not_be_the_same_is_not_offered(steps, changes):
    answer = steps({"c": ["stage:load"], "l": ["stage:load"], "r": ["stage:report"]}, sources=CONNECTION | changes)
    assert "`con`" in answer.problem
    assert (answer.again_name, answer.again.tags) == ("", {})


def test_a_notebook_without_a_model_has_a_sentence_or_steps_but_no_failure(steps):
    answer = steps(sources={"a": "print(1)"})
    assert answer.problem and not answer.steps
    answer = steps(language="R")
    assert "Only Python" in answer.problem
    assert steps(model="nothing").problem == "The notebook fits no model named nothing."


async def test_the_route_and_its_asking_for_unknown_cells(ask):
    status, answer = await ask("POST", "steps", asked())
    assert status == 200 and len(StepsAnswer.model_validate(answer).steps) == 4
    body = asked()
    body["notebook"]["order"].append("z")
    _, answer = await ask("POST", "steps", body)
    assert answer["missing"] == ["z"]
