"""One check on a made stream: quiet where it is quiet, one alert a cause where something moved."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from handoff_ext.contracts.watching import Check
from handoff_ext.monitor.checking import check, keep
from handoff_ext.monitor.telling import Ways, tell
from tests.monitor.streams import Stream, after


@pytest.fixture
def stream(tmp_path: Path) -> Stream:
    """Four quiet weeks."""
    made = Stream(tmp_path, rows=400)
    for day in range(28):
        made.log(day)
    return made


def at(stream: Stream, day: int) -> Check:
    return check(stream.version, stream.ledger, after(day))


def test_quiet_weeks_are_quiet(stream: Stream) -> None:
    found = at(stream, 27)
    assert found.alerts == []
    assert (found.rows, found.points_of, len(found.points)) == (28 * 400, "right answers", 28)
    accuracy = found.figures["metrics"]["Accuracy"]
    assert accuracy["now"] == pytest.approx(accuracy["reference"], abs=0.03)
    assert {watched.name for watched in found.watched} >= {"wind", "carrier", "right answers", "requests", "fallback"}


def test_changed_inputs_are_one_alert_with_their_likely_cost(stream: Stream) -> None:
    def storm(frame):  # type: ignore[no-untyped-def]
        frame["wind"] = frame["wind"] * 0.2 + 12.8  # near the threshold, where the model is least sure
        frame["distance"] = frame["distance"] / 1.6

    for day in range(28, 34):
        stream.log(day, storm, truth_after=None)
    alert, late = at(stream, 33).alerts
    assert (alert.cause, late.cause) == ("inputs", "late labels")
    assert alert.what.startswith("Input changed since 1 Apr 2013: wind, distance")
    assert alert.owner == "Ada Lovelace"
    expected = stream.version.profile.metrics["Accuracy"] - right_of(stream, storm)
    claimed = float(alert.matters.split()[2]) / 100
    assert claimed == pytest.approx(expected, abs=0.03)


def test_inputs_and_outcomes_that_move_together_are_one_alert_since_that_day(stream: Stream) -> None:
    def storm(frame):  # type: ignore[no-untyped-def]
        frame["wind"] = frame["wind"] * 0.2 + 12.8

    for day in range(28, 35):
        stream.log(day, storm, relation=0.25)
    found = at(stream, 34)
    assert any(each.alarming and each.kind == "a month" for each in found.watched), "a trend, looked for over 8 weeks"
    (alert,) = found.alerts
    assert alert.what.startswith("Input changed since 1 Apr 2013: wind.")
    assert "Right answers fell" in alert.what
    assert alert.since == "2013-04-01"


def right_of(stream: Stream, change) -> float:  # type: ignore[no-untyped-def]
    frame = stream.frame(20_000)
    change(frame)
    score = stream.score(frame)
    return float(np.maximum(score, 1 - score).mean())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda frame: frame["wind"].__setitem__(slice(0, 100), np.nan), "wind (missing)"),
        (lambda frame: frame["carrier"].__setitem__(slice(0, 100), "ZZ"), "carrier (unseen)"),
        (lambda frame: frame["distance"].__setitem__(slice(0, 100), 99_999.0), "distance (out of range)"),
    ],
)
def test_values_that_should_not_be(stream: Stream, change, words: str) -> None:  # type: ignore[no-untyped-def]
    for day in range(28, 32):
        stream.log(day, change)
    (alert,) = [alert for alert in at(stream, 31).alerts if alert.cause == "inputs"]
    assert words in alert.what


def test_a_changed_relation_claims_no_cost_before_its_outcomes(stream: Stream) -> None:
    for day in range(28, 35):
        stream.log(day, relation=0.25)
    found = at(stream, 34)
    (alert,) = found.alerts
    assert alert.cause == "outcomes"
    assert alert.what.startswith("Right answers fell")
    assert "2013-03-28" < alert.since < "2013-04-03", "not eight weeks before, where its trend was looked for"
    assert found.estimate is None
    assert alert.to_do == "Ask the desk, then train again."


def test_silence_refusals_and_late_labels_are_alarms(stream: Stream) -> None:
    (silent,) = at(stream, 30).alerts
    assert (silent.cause, silent.what) == ("no traffic", "No requests for 3 days, since 1 Apr 2013.")
    for day in range(28, 38):
        stream.log(day, truth_after=None, refused=600 if day == 37 else 0)
    causes = {alert.cause: alert for alert in at(stream, 37).alerts}
    assert causes.keys() == {"late labels", "schema"}
    assert "carrier: missing (600 rows)" in causes["schema"].what


def test_what_people_decided_is_counted_with_and_without_a_truth(stream: Stream, tmp_path: Path) -> None:
    from handoff_ext.ledger.reading import predictions
    from handoff_ext.ledger.store import Outcome, moment
    from handoff_ext.monitor.people import people_words
    from handoff_ext.monitor.report import write_report

    stream.log(28, truth_after=None)
    tables = predictions(stream.ledger, "flights", "1", after(28).replace(hour=0), ["id", "out:prediction"])
    rows = [row for table in tables for row in table.to_pylist()]
    known = moment(after(28))
    said = [row["out:prediction"] == "True" for row in rows]
    # Of 100 decisions 20 go against the model; 50 have a truth, which in 10 of those 20 is with the people.
    decisions = [yes ^ (place < 20) for place, yes in enumerate(said[:100])]
    truths = [decisions[place] if place < 10 else said[place] if place < 50 else None for place in range(100)]
    stream.store.add_outcomes(
        "flights",
        [
            Outcome(answer=row["id"], decision=decision, truth=truth, known_at=known, reported_at=known)
            for row, decision, truth in zip(rows, decisions, truths, strict=False)
        ],
    )
    found = at(stream, 28)
    people = found.figures["people"]
    assert (people["decided"], people["otherwise"], people["known"]) == (100, 20, 50)
    assert people["model"] == people["people"] == pytest.approx(10 / 50)
    words = people_words(people)
    assert words.startswith("People decided 100 cases in four weeks, 20 of them otherwise than the model said.")
    write_report(found, stream.version.plan, stream.store, tmp_path / "report.html")
    assert words in (tmp_path / "report.html").read_text()
    assert people_words({}) == ""


def test_an_alert_is_kept_told_and_closed(stream: Stream, tmp_path: Path) -> None:
    for day in range(28, 35):
        stream.log(day, relation=0.25)
    first = at(stream, 34)
    assert len(keep(first, stream.store)) == 1
    assert keep(at(stream, 34), stream.store) == [], "the same cause is the same alert"
    heard = tmp_path / "heard.jsonl"
    script = tmp_path / "hear.py"
    script.write_text(f"import sys; open({str(heard)!r}, 'a').write(sys.stdin.read() + '\\n')")
    ways = Ways(command=f"{sys.executable} {script}")
    assert tell(stream.store, stream.version.plan, ways, "flights") == []
    assert tell(stream.store, stream.version.plan, ways, "flights") == []
    (said,) = [json.loads(line) for line in heard.read_text().splitlines()]
    assert said["person"] == "Ada Lovelace"
    assert "What to do: Ask the desk, then train again." in said["text"]
    (key, alert), *_ = stream.store.open_alerts("flights").items()
    long_ago = [f"Ada Lovelace, {told[-29:]}" for told in ["2013-01-01T00:00:00.000+00:00"]]
    stream.store.save_alert(key, alert.model_copy(update={"told": long_ago}))
    assert tell(stream.store, stream.version.plan, Ways(command="false"), "flights") == [
        f"Alert {alert.id} could not be sent by command (it ended with 1)."
    ]
    tell(stream.store, stream.version.plan, ways, "flights")
    assert json.loads(heard.read_text().splitlines()[-1])["person"] == "Grace Hopper"
    quiet = first.model_copy(update={"alerts": []})
    keep(quiet, stream.store)
    assert stream.store.open_alerts("flights") == {}


def test_the_report_needs_nothing_else_and_quotes_safely(stream: Stream, tmp_path: Path) -> None:
    from handoff_ext.contracts.watching import Decision
    from handoff_ext.monitor.report import write_report

    for day in range(28, 35):
        stream.log(day, relation=0.25)
    found = at(stream, 34)
    keep(found, stream.store)
    stream.store.decide(Decision(model="flights", version="1", action="promote", by="<script>Eve", stage="advise"))
    write_report(found, stream.version.plan, stream.store, tmp_path / "new" / "report.html")
    html = (tmp_path / "new" / "report.html").read_text()
    assert "Right answers fell" in html and "<polyline" in html
    assert "<script>" not in html and "&lt;script&gt;Eve" in html
    assert "http" not in html.replace("http-equiv", "")
