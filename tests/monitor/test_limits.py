"""The plan's watched numbers: read from their words, measured, and alarming with the plan's action when passed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handoff_ext.contracts.plan import Plan, Watch
from handoff_ext.contracts.watching import Check, Limit
from handoff_ext.ledger.store import Store
from handoff_ext.monitor.checking import check
from handoff_ext.monitor.numbers import number_of
from handoff_ext.monitor.report import report
from tests.monitor.streams import Stream, after

COLUMNS = ["wind", "wind_gust", "carrier"]


@pytest.mark.parametrize(
    ("metric", "limit", "read"),
    [
        ("ROC AUC over the last 14 days", 0.62, ("quality", "ROC AUC", 14, 0.62, True)),
        ("Mean absolute error over the month, in grams", 8, ("quality", "Mean error", 28, 8, False)),
        ("Accuracy, %", 80, ("quality", "Accuracy", 28, 0.8, True)),
        ("Share of flights scored 0.35 or more", 0.5, ("above", "", 7, 0.5, False)),
        ("Share scored below .2 over 2 weeks", 90, ("below", "", 14, 0.9, False)),
        ("Flights flagged", 0.5, ("above", "", 7, 0.5, False)),
        ("Flights without wind_gust", 0.02, ("missing", "wind_gust", 7, 0.02, False)),
        ("Unseen values of carrier a day", 0.02, ("unseen", "carrier", 1, 0.02, False)),
        ("PSI of wind", 0.25, ("psi", "wind", 7, 0.25, False)),
        ("Answers by fallback", 0.1, ("fallback", "", 7, 0.1, False)),
        ("p95 latency in ms over a day", 300, ("time", "", 1, 0.3, False)),
        ("Requests a day", 100, ("count", "", 7, 100, True)),
    ],
)
def test_words_are_read(metric: str, limit: float, read: tuple[object, ...]) -> None:
    number = number_of(Watch(metric=metric, limit=limit), COLUMNS, act_from=0.4)
    assert number is not None
    assert (number.kind, number.of, number.window, number.limit, number.least) == read


@pytest.mark.parametrize("metric", ["Flights without joined weather", "Share of animals to be weighed again"])
def test_words_that_name_nothing_known_are_not_guessed(metric: str) -> None:
    assert number_of(Watch(metric=metric, limit=0.2), COLUMNS, None) is None
    assert number_of(Watch(metric="ROC AUC"), COLUMNS, None) is None, "it has no limit"


def watched(stream: Stream, day: int, *watch: tuple[str, float]) -> Check:
    plan = {"watch": [{"metric": name, "limit": limit, "action": f"Do {name}."} for name, limit in watch]}
    version = stream.version
    object.__setattr__(version, "plan", Plan.model_validate({"monitoring": {"truth_after_days": 1, **plan}}))
    return check(version, stream.ledger, after(day))


@pytest.fixture
def stream(tmp_path: Path) -> Stream:
    made = Stream(tmp_path, rows=200)
    for day in range(14):
        made.log(day)
    return made


def test_every_kind_is_measured_as_it_is(stream: Stream) -> None:
    def half_gone(frame):  # type: ignore[no-untyped-def]
        frame["wind"][:100] = np.nan

    stream.log(14, half_gone, refused=50)
    found = watched(
        stream, 14,
        ("ROC AUC over 14 days", 0.5), ("Brier score", 0.3), ("Precision", 0.1), ("Recall", 0.1), ("F1", 0.1),
        ("Accuracy", 0.5), ("Wrong answers", 0.5), ("Share scored 0.5 or more today, a day", 0.9),
        ("Share scored below 0.5 over 1 day", 0.1), ("wind missing over 1 day", 0.9), ("Unseen carrier", 0.1),
        ("PSI of distance over 2 weeks", 0.1), ("Rows refused over 1 day", 0.9), ("p99 latency in ms", 500),
        ("Requests a day", 100), ("Fallback", 0.5), ("Moon", 1),
    )  # fmt: skip
    limits = {limit.metric: limit for limit in found.limits}
    accuracy = found.figures["metrics"]["Accuracy"]["now"]
    assert limits["Accuracy"].now == pytest.approx(accuracy)
    assert limits["Wrong answers"].now == pytest.approx(1 - accuracy, abs=1e-5)
    assert limits["ROC AUC over 14 days"].now == pytest.approx(found.figures["metrics"]["ROC AUC"]["now"], abs=0.01)
    assert limits["wind missing over 1 day"].now == 0.5
    assert limits["Rows refused over 1 day"].now == 0.2
    assert limits["Requests a day"].now == 200
    assert limits["Unseen carrier"].now == limits["Fallback"].now == 0
    assert limits["p99 latency in ms"].now in (0.002, 0.005)  # 2 ms as the log keeps it, a float of 32 bits
    precision, recall = limits["Precision"].now or 0, limits["Recall"].now or 0
    assert limits["F1"].now == pytest.approx(2 * precision * recall / (precision + recall), abs=1e-5)
    assert limits["Moon"] == Limit(metric="Moon", limit=1, why_not="its words name nothing that the record holds")
    passed = {name for name, limit in limits.items() if limit.passed}
    assert passed == {"Share scored below 0.5 over 1 day"}
    (alert,) = [alert for alert in found.alerts if alert.cause == "answers"]
    assert alert.what.startswith("Share scored below 0.5 over 1 day is 0.") and alert.what.endswith("since 4 Mar 2013.")
    assert "beyond the plan's limit of 0.1" in alert.what
    assert alert.to_do == "Do Share scored below 0.5 over 1 day."


def test_a_limit_and_a_fall_of_the_same_cause_are_one_alert(stream: Stream) -> None:
    for day in range(14, 21):
        stream.log(day, relation=0.6)
    found = watched(stream, 20, ("Accuracy over 3 days", 0.6), ("PSI of wind", 5))
    (alert,) = found.alerts
    assert alert.cause == "outcomes"
    assert alert.what.startswith("Right answers fell") and "Accuracy over 3 days is 0." in alert.what
    assert alert.to_do == "Do Accuracy over 3 days."


def test_few_outcomes_tell_nothing_and_the_report_says_so(tmp_path: Path) -> None:
    stream = Stream(tmp_path, rows=20)
    for day in range(3):
        stream.log(day, truth_after=1.0 if day == 0 else None)
    found = watched(stream, 2, ("Accuracy", 0.99), ("Share scored 0 or more", 0.5))
    assert [limit.why_not for limit in found.limits] == ["fewer than 30 answers or outcomes tell it yet", ""]
    html = report(found, stream.version.plan, Store(stream.ledger.database))
    assert "not measured: fewer than 30 answers" in html and "! Share scored 0 or more" in html
