"""``handoff promote``: a version advises, or decides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from handoff_ext.cli.output import format_option, print_json

if TYPE_CHECKING:
    from handoff_ext.contracts.watching import StageOfTrust


@click.command("promote")
@click.argument("name")
@click.option("--to", required=True, type=click.Choice(["advise", "decide"]), help="What it may do from now on.")
@click.option("--approver", required=True, help="Who says yes: the person the plan names.")
@click.option("--version", default="", help="Its number. Default: the candidate, else the one in charge.")
@click.option("--reason", default="", help="Why, for the record.")
@click.option("--tracking-uri", default="", help="Where the registry is. Default: MLflow's own.")
@format_option
def command(name: str, to: str, approver: str, version: str, reason: str, tracking_uri: str, form: str) -> int:
    """Put a version of NAME in charge and let it advise or decide. It is on record, also where it is refused."""
    from handoff_ext.ledger.place import ledger_of
    from handoff_ext.ledger.store import Store
    from handoff_ext.publish.registry import default_store
    from handoff_ext.retrain.deciding import promote

    uri = tracking_uri or default_store(Path("here"))
    stage = cast("StageOfTrust", to)
    decision = promote(name, stage, approver, uri, Store(ledger_of(uri).database), version, reason)
    if form == "json":
        print_json(decision)
    else:
        click.echo(f"{name}, version {decision.version}, {'advises' if to == 'advise' else 'decides'} now.")
    return 0
