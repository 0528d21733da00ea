"""``handoff rollback``: the version before is in charge again."""

from __future__ import annotations

from pathlib import Path

import click

from handoff_ext.cli.output import format_option, print_json


@click.command("rollback")
@click.argument("name")
@click.option("--by", required=True, help="Who rolls back.")
@click.option("--reason", default="", help="Why, for the record.")
@click.option("--tracking-uri", default="", help="Where the registry is. Default: MLflow's own.")
@format_option
def command(name: str, by: str, reason: str, tracking_uri: str, form: str) -> int:
    """Put the version of NAME that was in charge before back. Running services follow within seconds."""
    from handoff_ext.ledger.place import ledger_of
    from handoff_ext.ledger.store import Store
    from handoff_ext.publish.registry import default_store
    from handoff_ext.retrain.deciding import rollback

    uri = tracking_uri or default_store(Path("here"))
    decision = rollback(name, by, uri, Store(ledger_of(uri).database), reason)
    if form == "json":
        print_json(decision)
    else:
        click.echo(f"{name}, version {decision.version}, is in charge again.")
    return 0
