"""``handoff monitor``: check a model in production."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handoff_ext.cli.output import files_of, format_option, print_json
from handoff_ext.contracts.errors import HandoffError

if TYPE_CHECKING:
    from handoff_ext.contracts.watching import Check, Limit


@click.command("monitor")
@click.argument("name")
@click.option("--tracking-uri", help="Where the registry is. Default: MLflow's own.")
@click.option("--at", "moment", help="Look from this moment instead of now (ISO 8601).")
@click.option("--webhook", default="", envvar="HANDOFF_WEBHOOK", help="Send alerts to this address, as JSON.")
@click.option("--email", default="", envvar="HANDOFF_EMAIL", help="Send alerts to this address; HANDOFF_SMTP sends.")
@click.option(
    "--command", "told", default="", envvar="HANDOFF_COMMAND", help="Run this with an alert as JSON on stdin."
)
@click.option(
    "--retrain-with",
    "data",
    multiple=True,
    help="Train again with this FILE (PARAMETER=FILE where there are several) when the plan says so.",
)
@click.option("--report", type=click.Path(path_type=Path), help="Write a self-contained HTML report.")
@format_option
def command(
    name: str,
    tracking_uri: str | None,
    moment: str | None,
    webhook: str,
    email: str,
    told: str,
    data: tuple[str, ...],
    report: Path | None,
    form: str,
) -> int:
    """Check the version in charge of NAME: inputs, answers, outcomes, service. Run it by a scheduler.

    One alert a cause; a new one, and one that nobody acknowledged in time, is sent. Exit code 1 while one is open.
    With --retrain-with, NAME is trained again when its plan says so: on an alert, or after a time.
    """
    from handoff_ext.ledger.place import ledger_of
    from handoff_ext.ledger.store import Store
    from handoff_ext.monitor.checking import checked, served_of
    from handoff_ext.monitor.telling import Ways, tell

    ledger = ledger_of(tracking_uri)
    store = Store(ledger.database)
    found = checked(name, tracking_uri, ledger, _moment(moment))
    version, _ = served_of(name, tracking_uri)
    ways = Ways(webhook=webhook, email=email, command=told)
    for problem in tell(store, version.plan, ways, name):
        click.echo(f"handoff: {problem}", err=True)
    if report:
        from handoff_ext.monitor.report import write_report

        write_report(found, version.plan, store, report)
    trained = ""
    if data:
        from handoff_ext.retrain.again import train_when_due

        trained = train_when_due(name, version.plan, found, store, files_of(data), tracking_uri or "")
    if form == "json":
        print_json(found)
    else:
        _print(found)
    if trained:
        click.echo(trained, err=form == "json")
    return int(bool(found.alerts))


def _moment(text: str | None) -> datetime.datetime | None:
    if not text:
        return None
    try:
        when = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise HandoffError("--at is not a moment.", "Write it as 2013-03-09T08:00:00.") from None
    return when.replace(tzinfo=datetime.UTC) if when.tzinfo is None else when


def _print(found: Check) -> None:
    from handoff_ext.contracts.words import TRUST
    from handoff_ext.monitor.people import people_words

    looked = len(found.watched)
    click.echo(
        f"{found.model}, version {found.version}, {TRUST[found.stage]}: {found.rows:,} answers since {found.first_day}"
    )
    for name, value in found.figures.get("metrics", {}).items():
        reference = "" if value["reference"] is None else f" (published with {value['reference']:.3f})"
        click.echo(f"  {name}: {value['now']:.3f}{reference}")
    if beside := people_words(found.figures.get("people", {})):
        click.echo(f"  {beside}")
    for number, verdict in found.challengers.items():
        click.echo(f"  Candidate {number}: {verdict}")
    for limit in found.limits:
        click.echo(f"  {limit.metric}: {_against(limit)}")
    if not found.alerts:
        click.echo(f"Quiet: {looked} things looked at.")
    for alert in found.alerts:
        click.echo(f"! {alert.what}" + (f" It {alert.matters}." if alert.matters else ""))
        click.echo(f"    {alert.to_do}  [{alert.owner or 'no owner'}; alert {alert.id}]")


def _against(limit: Limit) -> str:
    """How a watched number stands to the plan's limit."""
    if limit.now is None:
        return f"not measured, because {limit.why_not}"
    return f"{limit.now:.3g}, {'beyond' if limit.passed else 'within'} the plan's limit of {limit.limit:.3g}"
