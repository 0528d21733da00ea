"""Answers put on record are found again, whatever happens to the process or the file."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_ext.ledger.journal import Journal
from handoff_ext.ledger.lines import line, read_lines
from handoff_ext.ledger.place import Ledger, ledger_of
from handoff_ext.ledger.reading import predictions, versions_in
from handoff_ext.ledger.sealing import seal_all

LONG_AGO = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
HEAD = {"model": "late flights", "version": "3", "columns": {"wind": "number", "carrier": "text", "weekend": "yes/no"}}


def record(first: int, rows: int = 2) -> dict:
    return {
        "time": 1_700_000_000.5,
        "role": "champion",
        "stage": "advise",
        "by": "desk",
        "ms": 1.5,
        "ids": [f"{first + row:032x}" for row in range(rows)],
        "in_scope": [True] * rows,
        "fallback": [""] * rows,
        "answers": [{"prediction": True, "probability_True": 0.75}] * rows,
        "inputs": {"wind": [None, 3][:rows], "carrier": ["AA", "ü"][:rows], "weekend": [True, None][:rows]},
    }


def all_of(ledger: Ledger) -> list[dict]:
    tables = predictions(ledger, HEAD["model"], "3", LONG_AGO)
    return [row for table in tables for row in table.to_pylist()]


@pytest.fixture(params=["folder", "object store"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    log = str(tmp_path / "log") if request.param == "folder" else f"memory://{tmp_path.name}/log"
    return ledger_of(f"sqlite:///{tmp_path}/mlflow.db", log)


def test_sealed_and_open_journals_are_read_alike(ledger: Ledger) -> None:
    done, alive = Journal(ledger.journals, HEAD), Journal(ledger.journals, HEAD)
    done.append(record(0), 2)
    done.close()
    alive.append(record(2), 2)
    while not list(ledger.journals.glob("*")) or len(all_of(ledger)) < 4:
        pass
    before = all_of(ledger)
    assert seal_all(ledger.journals, ledger.log) == 1, "the one that is being written stays"
    assert sorted(all_of(ledger), key=str) == sorted(before, key=str)
    alive.close()
    assert seal_all(ledger.journals, ledger.log) == 1
    assert not list(ledger.journals.glob("*.journal"))
    first = min(all_of(ledger), key=lambda row: row["id"])
    assert first["time"] == datetime.datetime(2023, 11, 14, 22, 13, 20, 500_000, datetime.UTC)
    assert (first["in:wind"], first["in:carrier"], first["in:weekend"]) == (None, "AA", True)
    assert (first["out:prediction"], first["out:probability_True"]) == ("True", 0.75)
    assert versions_in(ledger, HEAD["model"]) == ["3"]


def test_a_segment_written_by_a_killed_sealer_counts_once(ledger: Ledger) -> None:
    journal = Journal(ledger.journals, HEAD)
    journal.append(record(0), 2)
    journal.close()
    (path,) = ledger.journals.glob("*.journal")
    content = path.read_bytes()
    seal_all(ledger.journals, ledger.log)
    path.write_bytes(content)  # as if it had been killed before removing the journal
    assert len(all_of(ledger)) == 2
    seal_all(ledger.journals, ledger.log)
    assert len(all_of(ledger)) == 2


WRITES = """
import sys, time
from pathlib import Path
from handoff_ext.ledger.journal import Journal
journal = Journal(Path(sys.argv[1]), {"model": "m", "version": "1", "columns": {}})
number = 0
while True:
    journal.append({"time": time.time(), "ids": ["%032x" % number], "answers": [0.5]}, 1)
    print(number, flush=True)
    number += 1
    time.sleep(0.001)
"""


def test_a_kill_loses_at_most_the_last_second(tmp_path: Path) -> None:
    """What was appended a second before the kill is there; what is there is a whole beginning."""
    ledger = ledger_of(f"sqlite:///{tmp_path}/mlflow.db")
    command = [sys.executable, "-c", WRITES, str(ledger.journals)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said: list[float] = []
        import time

        begun = time.monotonic()
        while time.monotonic() - begun < 2.5:
            process.stdout.readline()
            said.append(time.monotonic())
        os.kill(process.pid, signal.SIGKILL)
        killed = time.monotonic()
    safe = sum(moment < killed - 1 for moment in said)
    seal_all(ledger.journals, ledger.log)
    ids = sorted(int(row["id"], 16) for table in predictions(ledger, "m", "1", LONG_AGO) for row in table.to_pylist())
    assert ids == list(range(len(ids)))
    assert len(ids) >= safe > 0


@given(cut=st.integers(0, 10_000), flip=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_a_torn_or_damaged_line_is_passed_over_and_no_other(tmp_path_factory, cut: int, flip: int) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("torn") / "a.journal"
    lines = [line({"number": number, "text": "ü\n"}) for number in range(5)]
    whole = b"".join(lines)
    torn = bytearray(whole[: cut % len(whole)])
    path.write_bytes(bytes(torn))
    kept = [each["number"] for each in read_lines(path)]
    assert kept == list(range(whole[: len(torn)].count(b"\n")))
    damaged = bytearray(whole)
    place = flip % (len(lines[0]) - 1)  # inside the first line, its end spared
    damaged[place] ^= 1
    if damaged[place] != 0x0A:
        path.write_bytes(bytes(damaged))
        assert [each["number"] for each in read_lines(path)] == [1, 2, 3, 4]


def test_what_does_not_fit_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handoff_ext.ledger.journal.PENDING_ROWS", 3)
    journal = Journal(tmp_path, HEAD)
    assert journal.append(record(0), 2) and journal.append(record(2), 2)
    assert not journal.append(record(4), 2)
    assert journal.lost == 2
    journal.close()


def test_a_disk_that_takes_nothing_is_counted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    journal = Journal(tmp_path / "file" / "below", HEAD)
    journal.append(record(0), 2)
    journal.close()
    assert journal.lost == 2
