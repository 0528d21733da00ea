"""``handoff status``: what still stands between a model and its users."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handoff_ext.cli.output import format_option, print_json
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.words import STANDING, TRUST

if TYPE_CHECKING:
    from handoff_ext.contracts.sidebar import Live


@click.command("status")
@click.argument("target", type=click.Path(path_type=Path), required=False)
@click.option("--name", default="", help="A model's name in the registry: its versions.")
@click.option(
    "--tracking-uri", default="", help="MLflow's store. Default: MLFLOW_TRACKING_URI, else mlflow.db in this folder."
)
@click.option("--acknowledge", type=int, help="Say that you take care of the alert of this number.")
@click.option("--by", default="", help="Who acknowledges.")
@format_option
def command(target: Path | None, name: str, tracking_uri: str, acknowledge: int | None, by: str, form: str) -> int:
    """What is ready of a notebook or pipeline, and what not; without one, the models in production and all versions."""
    from handoff_ext.ledger.place import ledger_of
    from handoff_ext.ledger.store import Store
    from handoff_ext.publish.registry import Registry, default_store
    from handoff_ext.publish.review import readiness

    if target is None:
        store = tracking_uri or default_store(Path("here"))
        if store.startswith("sqlite:///") and not Path(store.removeprefix("sqlite:///")).exists():
            raise HandoffError("Nothing is published here.", "Name a notebook, or a store with --tracking-uri.")
        from handoff_ext.retrain.live import live

        kept = Store(ledger_of(store).database)
        if acknowledge is not None:
            click.echo(f"{kept.acknowledge(acknowledge, by).acknowledged_by} takes care of it.", err=True)
        in_production = live(store, kept, name)
        versions = Registry(store).versions(name)
        if form == "json":
            print_json({"versions": versions, "live": in_production.model_dump(mode="json")})
        else:
            _print_live(in_production)
            _print_versions(versions)
        return 0
    found = readiness(target)
    if form == "json":
        print_json(found)
        return int(not all(row.ready for row in found.rows))
    ready = sum(row.ready for row in found.rows)
    click.echo(f"{Path(found.notebook).stem}: {ready} of {len(found.rows)} ready")
    for row in found.rows:
        click.echo(f"  {'ok' if row.ready else 'x '} {row.what}: {row.detail}")
        if row.do:
            click.echo(f"       {row.do}")
    click.echo("Questions of an operational review:")
    for question, answer in found.review:
        click.echo(f"  {question} {answer or 'MISSING'}")
    return int(ready < len(found.rows))


def _print_live(found: Live) -> None:
    for model in found.models:
        stage = TRUST[model.stage]
        checked = f"{model.state}, checked {model.last_check[:16].replace('T', ' ')}"
        state = checked if model.last_check else "never checked"
        click.echo(f"{model.name}, version {model.version}: {stage}; {state}; {model.owner or 'no owner'}")
        for alert in model.alerts:
            taken = f"; {alert.acknowledged_by} takes care" if alert.acknowledged_by else ""
            click.echo(f"  ! {alert.what} [alert {alert.id}{taken}]")
            click.echo(f"      {alert.to_do}")
        if model.candidate:
            click.echo(f"  Candidate: version {model.candidate.version}. {model.candidate.verdict}".rstrip())
        if model.why_not:
            click.echo(f"  {model.why_not}")


def _print_versions(versions: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    if not versions:
        click.echo("Nothing is registered.")
        return
    table = Table(box=None, pad_edge=False)
    for title in ("version", "which is", "trust", "clean machine", "owner"):
        table.add_column(title)
    for version in versions:
        tags = version["tags"]
        tested = {"true": "passed", "false": "untested"}.get(tags.get("handoff.rehearsed", ""), "unknown")
        draft = " (draft)" if tags.get("handoff.draft") == "true" else ""
        address = f"models:/{version['name']}/{version['version']}{draft}"
        owner = tags.get("handoff.owner", "")
        which = ", ".join(STANDING.get(alias, alias) for alias in version["aliases"])
        stage = tags.get("handoff.stage", "")
        table.add_row(address, which, TRUST.get(stage, stage), tested, owner)
    Console(highlight=False).print(table)
