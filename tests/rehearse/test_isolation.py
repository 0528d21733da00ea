"""What the clean machine can see of ours: nothing but the interpreter; what the system does not allow is said."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from handoff_ext.publish import log
from handoff_ext.publish.packing import pack
from handoff_ext.publish.reference import reference
from handoff_ext.rehearse import isolation, rehearse
from handoff_ext.rehearse.isolation import run_apart
from handoff_ext.rehearse.retraining import retrains
from tests.publish import made
from tests.rehearse.conftest import Handed, can_unshare

LOOK = """
import json, os, socket, sys
def reads(path):
    try:
        return open(path).read()
    except OSError as error:
        return type(error).__name__
def reaches(port):
    try:
        return socket.create_connection(("127.0.0.1", port), 5) and "yes"
    except OSError as error:
        return type(error).__name__
home = os.path.expanduser("~")
secret, port = json.load(open("asked.json"))
said = {"variables": dict(os.environ), "home": os.listdir(home), "folder": os.getcwd(),
        "secret": reads(secret), "reached": reaches(port),
        "interfaces": [name for _, name in socket.if_nameindex()]}
json.dump(said, open("said.json", "w"))
"""
DECLARED = {
    *("PATH", "HOME", "TMPDIR", "LANG", "PYTHONNOUSERSITE"),
    *("MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK", "GIT_PYTHON_REFRESH"),
}
PYTHONS_OWN = {"LC_CTYPE", "PWD", "OLDPWD", "SHLVL", "_", "__CF_USER_TEXT_ENCODING"}


def looked(tmp_path: Path) -> tuple[dict[str, Any], bool]:
    """What a process on the clean machine said of its surroundings, and whether the author's folder was hidden."""
    author, work = tmp_path / "author", tmp_path / "work"
    author.mkdir()
    work.mkdir()
    (author / "data.csv").write_text("of the author")
    (work / "look.py").write_text(LOOK)
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        ours.listen()
        # By a file: what a command names must not be hidden from it.
        (work / "asked.json").write_text(json.dumps([str(author / "data.csv"), ours.getsockname()[1]]))
        outcome = run_apart([sys.executable, "-I", str(work / "look.py")], work, author)
    assert outcome.code == 0, outcome.said
    return json.loads((work / "said.json").read_text()), outcome.folder_hidden


def test_process_there_sees_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HANDOFF_TEST_TOKEN", "AWS_SECRET_ACCESS_KEY", "MLFLOW_TRACKING_PASSWORD", "PYTHONPATH"):
        monkeypatch.setenv(name, "ours")
    said, hidden = looked(tmp_path)
    assert set(said["variables"]) - PYTHONS_OWN == DECLARED
    assert "ours" not in said["variables"].values()
    assert said["home"] == []
    assert said["folder"] == str(tmp_path / "work")
    if can_unshare():
        assert hidden
        assert said["secret"] == "FileNotFoundError"
        assert said["reached"] == "ConnectionRefusedError"
        assert said["interfaces"] == ["lo"]


def test_where_the_system_refuses_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_unshare", lambda: ())
    said, hidden = looked(tmp_path)
    assert not hidden
    assert (said["secret"], said["reached"]) == ("of the author", "yes")
    assert set(said["variables"]) - PYTHONS_OWN == DECLARED
    assert said["home"] == []


def test_rehearsal_without_namespaces_says_that_network_and_folder_were_there(
    handed: Handed, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handoff_ext.publish.publishing import rehearsal_words

    monkeypatch.setattr(isolation, "_unshare", lambda: ())
    record = rehearse(handed.version.model_uri, handed.version.tracking_uri, retrain=False)
    assert record.predicts.passed
    assert (record.isolated["variables"], record.isolated["home"], record.isolated["folder"]) == (True, True, False)
    assert rehearsal_words(record).endswith(
        "cut off: home, variables" if not record.isolated["network"] else "cut off: network, home, variables"
    )


def test_a_thousand_rows_are_compared_where_there_are_more() -> None:
    rows = 12_345
    given = {
        "columns": ["a"],
        "rows": [[number] for number in range(rows)],
        "predictions": {"prediction": list(range(rows))},
        "total": rows,
    }
    kept = reference(given, [])
    assert len(kept["rows"]) == len(kept["predictions"]["prediction"]) == 1000
    assert [row[0] for row in kept["rows"]] == kept["predictions"]["prediction"]
    assert kept["rows"][0] == [0] and kept["rows"][-1][0] > rows - 20


@pytest.mark.slow
@pytest.mark.skipif(not can_unshare(), reason="this system lets nobody hide a folder")
def test_model_that_reads_the_authors_file_fails_and_names_cell_and_line(tmp_path: Path) -> None:
    table = tmp_path / "author" / "weights.csv"
    table.parent.mkdir()
    table.write_text("2.0")
    function = f'def weigh(x):\n    """From a table."""\n    return x * float(open("{table}").read())\n'
    code = (
        "import numpy as np\n"
        "from definitions import weigh\n"
        "from sklearn.linear_model import LinearRegression\n"
        "from sklearn.pipeline import make_pipeline\n"
        "from sklearn.preprocessing import FunctionTransformer\n"
        "draw = np.random.RandomState(0)\n"
        "train_x = draw.rand(60, 2); train_y = train_x.sum(axis=1); holdout_x, holdout_y = draw.rand(30, 2), None\n"
        "model = make_pipeline(FunctionTransformer(weigh), LinearRegression()).fit(train_x, train_y)\n"
        "methods = ['predict']\n"
    )
    folder = made.make(table.parent, code, methods=("predict",), definitions=function)
    notebook = json.loads((table.parent / "flights.ipynb").read_text())
    notebook["cells"].append({**notebook["cells"][1], "id": "weigh", "source": function})
    (table.parent / "flights.ipynb").write_text(json.dumps(notebook))
    pack(folder)
    logged = log(folder, "reads")
    said = rehearse(logged.uri, logged.tracking_uri, retrain=False).predicts
    assert said.passed is False
    assert "in cell 3, line 3: a file that is only on the author's computer is read." in said.reason
    assert "Make it part of the model." in said.reason


def test_input_that_lies_only_here_is_named_and_a_tampered_list_is_refused(handed: Handed, tmp_path: Path) -> None:
    verdict = retrains(handed.files, tmp_path / "work", None)
    assert verdict.passed is None
    assert verdict.reason == "Not tried: only on the author's computer: data."
    copy = tmp_path / "version"
    subprocess.run(["cp", "-r", str(handed.files), str(copy)], check=True)
    record = json.loads((copy / "evidence" / "run.json").read_text())
    record["inputs"] = {}
    (copy / "evidence" / "run.json").write_text(json.dumps(record))
    lock = copy / "pipeline" / "requirements.lock"
    lock.write_text(lock.read_text() + "\nipykernel==6.0.0\n")
    verdict = retrains(copy, tmp_path / "work", None)
    assert verdict.passed is False
    assert "ipykernel==6.0.0 without version or hash" in verdict.reason


def test_what_may_hold_personal_rows_is_said_not_sent() -> None:
    given = {"columns": ["name", "wind"], "rows": [["Ada", 1.0]], "predictions": {"prediction": [1]}, "total": 1}
    kept = reference(given, ["name"])
    assert (kept["rows"], kept["predictions"]["prediction"]) == ([], [])
    assert kept["reason"] == "The input name is marked personal, so no rows are stored."
