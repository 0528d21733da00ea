"""One check of a model in production: reads the log once, asks every question, keeps what it found."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.errors import HandoffError, NotFound
from handoff_ext.contracts.watching import Alert, Check, Watched
from handoff_ext.ledger.place import Ledger
from handoff_ext.ledger.reading import predictions, versions_in
from handoff_ext.ledger.store import Outcome, Store, moment
from handoff_ext.monitor.causes import causes
from handoff_ext.monitor.days import Days, Tally
from handoff_ext.monitor.limits import Above, limits_passed
from handoff_ext.monitor.moving import Finding, answers_moved, inputs_moved, tables_moved
from handoff_ext.monitor.numbers import numbers_of
from handoff_ext.monitor.people import people_now
from handoff_ext.monitor.quality import (
    beside,
    estimated_change,
    late_labels,
    metrics_now,
    outcomes_moved,
)
from handoff_ext.monitor.running import refusals_moved, service_figures, times_moved, traffic_moved
from handoff_ext.monitor.truth import Joiner, Labelled, scored_output, task_of

if TYPE_CHECKING:
    import pyarrow

    from handoff_ext.serve.version import ServedVersion

DAYS, POINTS = 84, 28


def check(
    version: ServedVersion,
    ledger: Ledger,
    now: datetime.datetime | None = None,
    days: int = DAYS,
    challengers: Iterable[ServedVersion] = (),
) -> Check:
    """Check one version on the record of its answers; nothing is written.

    Args:
        version: with its profile (the reference) and plan.
        ledger: where the record is.
        now: the moment to look from; the present one where None. The day at work counts as far as it goes.
        days: how far back to look.
        challengers: versions that ran beside it.
    """
    begun, now = time.perf_counter(), now or datetime.datetime.now(datetime.UTC)
    first = (now - datetime.timedelta(days=days - 1)).date()
    since = datetime.datetime.combine(first, datetime.time(), datetime.UTC)
    store = Store(ledger.database)
    outcomes = {
        id: outcome
        for id, outcome in store.outcomes(version.name, moment(since)).items()
        if outcome.reported_at <= moment(now)
    }
    tally = Tally(version.profile, first, days, scored_output(version.profile))
    joiner = Joiner(outcomes, version.profile, version.plan, first, days)
    above = Above(numbers_of(version.plan, version.profile), scored_output(version.profile), first, days)
    wanted = list(dict.fromkeys([*tally.columns, *joiner.columns, *above.columns]))
    for table in _until(predictions(ledger, version.name, version.version, since, wanted), now):
        tally.add(table)
        joiner.add(table)
        above.add(table)
    counted, labelled = tally.days, joiner.labelled
    found, estimate = questions(version, counted, labelled, days)
    limits, passed = limits_passed(version.plan, counted, labelled, above, days)
    found += passed
    alerts = causes(
        found,
        counted,
        version.plan,
        version.profile.importance,
        version.name,
        version.version,
        estimate,
    )
    points, points_of = _points(version, counted, labelled, days)
    beside_it = {
        other.version: _verdict(version, labelled, other, ledger, outcomes, first, days) for other in challengers
    }
    return Check(
        model=version.name,
        version=version.version,
        stage=version.stage,
        at=moment(now),
        first_day=first.isoformat(),
        last_prediction=moment(counted.last) if counted.last else "",
        rows=int(counted.answered.sum()),
        watched=[_watched(each, counted) for each in found],
        alerts=alerts,
        limits=limits,
        figures={
            **service_figures(counted, days),
            "labelled": len(labelled.day),
            "metrics": metrics_now(labelled, version.profile, days),
            "people": people_now(labelled, days, task_of(version.profile) == "number"),
            "cost": version.plan.operation.cost,
        },
        points=points,
        points_of=points_of,
        estimate=estimate,
        challengers={number: words for number, words in beside_it.items() if words},
        seconds=round(time.perf_counter() - begun, 3),
    )


def questions(version: ServedVersion, days: Days, labelled: Labelled, end: int) -> tuple[list[Finding], float | None]:
    """Every question to a version's days, looked at from the end of the day before place ``end``; and where inputs
    changed, the probable change of right answers."""
    profile, plan = version.profile, version.plan
    found = [*tables_moved(days, profile.lookups, end), *inputs_moved(days, end)]
    found += [*answers_moved(days, end), refusals_moved(days, end), times_moved(days, end)]
    if traffic := traffic_moved(days, end):
        found.append(traffic)
    found += outcomes_moved(labelled, days, profile, end)
    if late := late_labels(labelled, days, plan.monitoring.truth_after_days, end):
        found.append(late)
    changed = [each.since for each in found if each.alarming and each.cause == "inputs"]
    limit = 0.5 if plan.thresholds.decision is None else plan.thresholds.decision
    estimate = estimated_change(days, profile, limit, end, min(changed)) if changed else None
    return found, estimate


def served_of(name: str, tracking_uri: str | None) -> tuple[ServedVersion, list[ServedVersion]]:
    """The version in charge of a name, and its challengers.

    Raises:
        NotFound: there is no such model.
        HandoffError: the registry does not answer.
    """
    from handoff_ext.serve.registry import fetch
    from handoff_ext.serve.standing import standing

    stands = standing(name, tracking_uri)
    if not stands.in_charge:
        raise NotFound(f"The registry has no model {name}.", "See handoff status.")
    challengers = [fetch(f"models:/{name}/{number}", tracking_uri) for number in stands.challengers]
    return fetch(f"models:/{name}/{stands.in_charge}", tracking_uri), challengers


def keep(check: Check, store: Store) -> list[Alert]:
    """Put a check on record: open new alerts, go on with open ones, close what is quiet again. Alerts that are new.

    Raises:
        HandoffError: the database does not answer.
    """
    open_ones, new, kept = store.open_alerts(check.model), [], []
    for alert in check.alerts:
        key = f"{alert.version}:{alert.cause}"
        known = open_ones.pop(key, None)
        told: dict[str, Any] = {"last_seen": check.at, "opened": check.at}
        if known:
            told = {
                "id": known.id,
                "opened": known.opened,
                "since": min(known.since, alert.since),
                "acknowledged_by": known.acknowledged_by,
                "told": known.told,
                "last_seen": check.at,
            }
        saved = store.save_alert(key, alert.model_copy(update=told))
        kept.append(saved)
        new += [] if known else [saved]
    for key, alert in open_ones.items():
        store.save_alert(key, alert.model_copy(update={"closed": check.at}))
    check.alerts = kept
    content = check.model_dump(mode="json")
    store.add_check(check.model, check.version, check.at, check.seconds, content)
    return new


def _until(tables: Iterable[pyarrow.Table], now: datetime.datetime) -> Iterable[pyarrow.Table]:
    from pyarrow import compute

    for table in tables:
        yield table.filter(compute.less_equal(table["time"], now))


def _points(version: ServedVersion, days: Days, labelled: Labelled, end: int) -> tuple[list[float | None], str]:
    """The last four weeks of what is watched most: right answers, else the mean error, else answers a day."""
    daily = labelled.by_day(days.count)[max(0, end - POINTS) : end]
    if labelled.day:
        number = task_of(version.profile) == "number"
        values = [
            None if not rows else round(error / rows if number else 1 - error / rows, 4) for rows, error, _ in daily
        ]
        return values, "mean error" if number else "right answers"
    return [float(count) for count in days.answered[max(0, end - POINTS) : end]], "answers a day"


def _verdict(
    version: ServedVersion,
    labelled: Labelled,
    other: ServedVersion,
    ledger: Ledger,
    outcomes: dict[str, Outcome],
    first: datetime.date,
    days: int,
) -> str:
    """How a challenger did beside it, in words; empty where both have no labelled answers in common."""
    if other.version not in versions_in(ledger, other.name):
        return ""
    joiner = Joiner(outcomes, other.profile, other.plan, first, days)
    since = datetime.datetime.combine(first, datetime.time(), datetime.UTC)
    for table in predictions(ledger, other.name, other.version, since, joiner.columns):
        joiner.add(table)
    both = beside(labelled, joiner.labelled)
    if both["rows"] < 2:
        return ""
    if task_of(version.profile) == "number":
        said = f"off by {both['challenger']:.3g}, in charge {both['champion']:.3g}"
    else:
        said = f"right in {100 - 100 * both['challenger']:.0f} of 100, in charge {100 - 100 * both['champion']:.0f}"
    sure = "" if abs(both["difference"]) > 2 * both["error"] else ", not certain"
    return f"{said}{sure}; {both['rows']:,} cases"


def _watched(finding: Finding, days: Days) -> Watched:
    certain = finding.p == finding.p  # not NaN
    return Watched(
        cause=finding.cause,
        name=finding.name,
        kind=finding.kind,
        effect=round(finding.effect, 6),
        p=finding.p if certain else 1.0,
        rows=finding.rows,
        alarming=finding.alarming,
        since=days.day(finding.since).isoformat() if finding.alarming else "",
        distance=round(finding.distance, 6) if finding.kind == "PSI" else None,
        words=finding.words,
    )


def checked(name: str, tracking_uri: str | None, ledger: Ledger, now: datetime.datetime | None = None) -> Check:
    """Check the version in charge of a name and put it on record. What is sealed only later is read all the same.

    Raises:
        HandoffError: no such model, or the registry or the database does not answer.
    """
    from handoff_ext.ledger.sealing import seal_all

    version, challengers = served_of(name, tracking_uri)
    try:
        seal_all(ledger.journals, ledger.log)
    except OSError as error:
        raise HandoffError(f"The log cannot be written ({type(error).__name__}).", "See HANDOFF_LOG.") from error
    found = check(version, ledger, now, challengers=challengers)
    keep(found, Store(ledger.database))
    return found
