"""Reports of outcomes are checked, and kept as they were meant."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.ledger.place import ledger_of
from handoff_ext.ledger.store import Store
from handoff_ext.serve.outcomes import outcome_of

ID = "0123456789abcdef" * 2


@pytest.mark.parametrize("truth", [True, 3, 2.5, "late", None])
def test_a_truth_keeps_its_kind(truth: object) -> None:
    kept = outcome_of(1, {"id": ID, "truth": truth}, "desk")
    assert kept.truth == truth and type(kept.truth) is type(truth)
    assert (kept.by, kept.known_at) == ("desk", "")


def test_moments_are_kept_in_utc() -> None:
    known = outcome_of(1, {"id": ID, "truth": 1, "known_at": "2013-03-03T12:00:00+02:00"}, "").known_at
    assert known == "2013-03-03T10:00:00.000+00:00"
    assert outcome_of(1, {"id": ID, "truth": 1, "known_at": "0001-01-01T00:00:00+02:00"}, "").known_at


@pytest.mark.parametrize(
    "report",
    [
        {"id": ID},
        {"truth": 1},
        {"id": "x", "truth": 1},
        {"id": ID, "truth": [1]},
        {"id": ID, "truth": 1, "known_at": 0},
        [],
        "x",
    ],
)
def test_what_is_no_outcome_is_named(report: object) -> None:
    with pytest.raises(HandoffError, match="Outcome 7"):
        outcome_of(7, report, "")


def test_files_of_outcomes(tmp_path: Path, run_handoff: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    store = f"sqlite:///{tmp_path / 'mlflow.db'}"
    (tmp_path / "truth.csv").write_text(f"id,truth,decision,ignored\n{ID},true,call,x\n{ID[::-1]},2.5,,\n")
    done = run_handoff("outcomes", str(tmp_path / "truth.csv"), "--name", "m", "--by", "Ada", "--tracking-uri", store)
    assert (done.returncode, done.stdout) == (0, "2 outcomes noted.\n")
    kept = Store(ledger_of(store).database).outcomes("m")
    assert (kept[ID].truth, kept[ID].decision, kept[ID[::-1]].truth, kept[ID].by) == (True, "call", 2.5, "Ada")
    for content in ("", "truth\n1\n", "[", "[1]", "{}\n"):
        done = run_handoff("outcomes", "-", "--name", "m", "--tracking-uri", store, input=content)
        assert done.returncode == 2 and done.stderr.startswith("handoff: ") and "Traceback" not in done.stderr
