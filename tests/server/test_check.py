"""The open notebook: only changed cells travel; findings, fixes."""

from __future__ import annotations

import json

from handoff_ext.contracts.sidebar import CheckAnswer, FixAnswer, OpenNotebook
from handoff_ext.server.analysis.documents import DOCUMENTS_KEPT, Documents

CELLS = {
    "a": "import pandas as pd\n",
    "b": 'flights = pd.read_csv("/home/ada/flights.csv")\n',
    "c": "def broken(:\n",
}


def cell(id_, source, **more):
    return {"id": id_, "kind": "code", "source": source, **more}


def opened(*changed, order=tuple(CELLS), **more):
    sources = {**CELLS, **dict(each for each in changed if isinstance(each, tuple))}
    sent = [each if isinstance(each, dict) else cell(each, sources[each]) for each in changed]
    return {"path": "a.ipynb", "order": list(order), "changed": sent, **more}


async def test_findings_of_the_unsaved_document(ask):
    status, answer = await ask("POST", "check", opened(*CELLS))
    assert status == 200
    CheckAnswer.model_validate(answer)
    assert answer["supported"] and answer["checked"] == 3 and not answer["missing"]
    [found] = [finding for finding in answer["findings"] if finding["rule"].startswith("PATH")]
    assert (found["cell_id"], found["cell_index"], found["line"], found["path"]) == ("b", 1, 1, "a.ipynb")
    assert answer["unparsable"][0]["cell_id"] == "c" and answer["unparsable"][0]["line"] == 1
    assert not answer["trains_model"]


async def test_only_changed_cells_travel_and_unknown_ones_are_asked_for(ask, services):
    await ask("POST", "check", opened(*CELLS))
    _, answer = await ask("POST", "check", opened(cell("b", "flights = 1")))
    assert answer["checked"] == 3 and not [each for each in answer["findings"] if each["cell_id"] == "b"]
    _, answer = await ask("POST", "check", opened(order=["c", "new", "a"]))
    assert answer["missing"] == ["new"] and not answer["findings"]
    _, answer = await ask("POST", "check", opened(order=["c", "a", "b"]))
    assert answer["missing"] == ["b"], "a cell that left is forgotten"
    await services.analysis.stop()
    _, answer = await ask("POST", "check", opened())
    assert answer["missing"] == list(CELLS), "a new process knows nothing"


async def test_other_languages_are_not_checked(ask):
    _, answer = await ask("POST", "check", opened(*CELLS, language="R"))
    assert not answer["supported"] and not answer["findings"]


def test_two_tabs_do_not_mix_and_the_oldest_notebook_is_forgotten():
    documents = Documents()
    one, two = (OpenNotebook(**opened(cell("a", f"tab {n}"), order=["a"], session=n)) for n in "12")
    documents.update(one)
    documents.update(two)
    again = OpenNotebook(**opened(order=["a"], session="1"))
    assert documents.update(again).cells[0].source == "tab 1"
    for number in range(DOCUMENTS_KEPT - 1):
        documents.update(OpenNotebook(path=f"{number}.ipynb", order=[]))
    assert documents.update(again).cells[0].source == "tab 1"
    for number in range(DOCUMENTS_KEPT):
        documents.update(OpenNotebook(path=f"{number}.ipynb", order=[]))
    assert documents.update(again) == ["a"]


def test_a_cells_outputs_tags_and_ignores_reach_the_checks():
    sent = cell("a", "x\r\n", tags=["stage:load"], output_text="said", ignored={"PATH001": "why"}, execution_count=3)
    [got] = Documents().update(OpenNotebook(**opened(sent, order=["a"]))).cells
    assert (got.source, got.tags, got.execution_count, got.outputs[0].text) == ("x\n", ("stage:load",), 3, "said")
    assert got.metadata["handoff"]["ignore"] == {"PATH001": "why"}


async def test_a_fix_is_a_change_with_its_diff_and_nothing_is_written(ask, jp_root_dir):
    (jp_root_dir / "flights.csv").write_text("a\n1\n")
    _, found = await ask("POST", "check", opened(*CELLS))
    keys = [each["key"] for each in found["findings"] if each["fixable"] and each["cell_id"] == "b"]
    assert keys
    status, answer = await ask("POST", "fix", {"notebook": opened(), "keys": keys})
    assert status == 200
    FixAnswer.model_validate(answer)
    assert answer["change"]["keys"] == keys
    assert '-flights = pd.read_csv("/home/ada/flights.csv")' in answer["diff"]
    places = [line for line in answer["diff"].split("\n") if line.startswith(("@@", "---", "+++"))]
    assert places == ["@@ cell 2 @@", "@@ new cell 2 @@"]
    assert sorted(path.name for path in jp_root_dir.iterdir()) == ["flights.csv"]
    _, answer = await ask("POST", "fix", {"notebook": opened(order=["z"])})
    assert answer["missing"] == ["z"]


async def test_a_diff_shows_no_secret_of_the_cells_that_it_changes(ask, jp_root_dir):
    (jp_root_dir / "flights.csv").write_text("a\n1\n")
    secret = "ghp_" + "k9Zq81LmPw73TxRvk9Zq81LmPw73TxRvab01"
    source = f'token = "{secret}"\nflights = read_csv("/home/ada/flights.csv")\n'
    _, found = await ask("POST", "check", opened(cell("p", source), order=["p"]))
    keys = [each["key"] for each in found["findings"] if each["rule"].startswith("PATH")]
    _, answer = await ask("POST", "fix", {"notebook": opened(order=["p"]), "keys": keys})
    assert "flights.csv" in answer["diff"] and secret not in answer["diff"]
    assert "characters, ends 01" in answer["diff"]


async def test_a_removed_password_stays_in_the_server_alone(ask, services, caplog):
    secret = "k9" + "Zq81LmPw73TxRv"
    source = f'import sqlalchemy\nengine = sqlalchemy.create_engine("postgresql://ada:{secret}@db.internal.acme.com/flights")\n'
    _, found = await ask("POST", "check", opened(cell("p", source), order=["p"]))
    [key] = [each["key"] for each in found["findings"] if each["rule"].startswith("CRED")]
    assert secret not in json.dumps(found)
    status, answer = await ask("POST", "fix", {"notebook": opened(order=["p"]), "keys": [key]})
    assert status == 200
    assert secret in answer["change"]["cells"][0]["before"], "what the edit is compared with"
    assert secret not in answer["change"]["cells"][0]["after"] + answer["diff"] + " ".join(answer["advice"])
    [(path, variables)] = services.secrets.items()
    assert path == "a.ipynb" and any(secret in value for value in variables.values())
    assert secret not in caplog.text
