"""``handoff status``: what still stands between a model and its users."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from handoff_ext.cli.output import format_option, print_json
from handoff_ext.contracts.errors import HandoffError


@click.command("status")
@click.argument("target", type=click.Path(path_type=Path), required=False)
@click.option("--name", default="", help="A model's name in the registry: its versions.")
@click.option(
    "--tracking-uri", default="", help="MLflow's store. Default: MLFLOW_TRACKING_URI, else mlflow.db in this folder."
)
@format_option
def command(target: Path | None, name: str, tracking_uri: str, form: str) -> int:
    """What is ready of a notebook or pipeline, and what not; without one, the versions in the registry."""
    from handoff_ext.publish.registry import Registry, default_store
    from handoff_ext.publish.review import readiness

    if target is None:
        store = tracking_uri or default_store(Path("here"))
        if store.startswith("sqlite:///") and not Path(store.removeprefix("sqlite:///")).exists():
            raise HandoffError("Nothing is published here.", "Name a notebook, or a store with --tracking-uri.")
        versions = Registry(store).versions(name)
        if form == "json":
            print_json({"versions": versions})
        else:
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


def _print_versions(versions: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    if not versions:
        click.echo("Nothing is registered.")
        return
    table = Table(box=None, pad_edge=False)
    for title in ("version", "alias", "stage", "clean machine", "owner"):
        table.add_column(title)
    for version in versions:
        tags = version["tags"]
        tested = {"true": "passed", "false": "untested"}.get(tags.get("handoff.rehearsed", ""), "unknown")
        draft = " (draft)" if tags.get("handoff.draft") == "true" else ""
        address = f"models:/{version['name']}/{version['version']}{draft}"
        owner = tags.get("handoff.owner", "")
        table.add_row(address, ", ".join(version["aliases"]), tags.get("handoff.stage", ""), tested, owner)
    Console(highlight=False).print(table)
