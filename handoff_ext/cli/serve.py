"""``handoff serve``: answer predictions over HTTP."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handoff_ext.cli.output import format_option

if TYPE_CHECKING:
    from handoff_ext.serve.version import ServedVersion


@click.command("serve")
@click.argument("model_uri", required=False)
@click.option("--name", help="A model's name: its version in charge, candidates beside it. Instead of MODEL_URI.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@click.option("--tracking-uri", help="Where the registry is. Default: MLflow's own.")
@click.option("--log", default="", help="Folder or fsspec address of the record. Default: beside a sqlite registry.")
@click.option("--keys", type=click.Path(path_type=Path), help="A file of API keys, made by handoff key.")
@format_option
def command(
    model_uri: str | None,
    name: str | None,
    host: str,
    port: int,
    tracking_uri: str | None,
    log: str,
    keys: Path | None,
    form: str,
) -> int:
    """Answer for a published model: an API for programs, a page for people.

    With --name, or models:/NAME@champion, the version in charge answers and candidates run beside it, on record, never
    returned. A change in the registry is followed within seconds. Every answer is put on record; a folder's only with
    --log. Ends on Ctrl+C or SIGTERM, after the requests at work.
    """
    if bool(model_uri) == bool(name):
        raise click.UsageError("Give either MODEL_URI or --name.")
    from handoff_ext.ledger.place import ledger_of
    from handoff_ext.serve.server import serve

    address = model_uri or f"models:/{name}@champion"
    ledger = ledger_of(tracking_uri, log) if log or address.startswith("models:/") else None
    if keys is None and host not in {"127.0.0.1", "localhost", "::1"}:
        click.echo("handoff serve: Anybody who reaches this address may ask. Give --keys FILE.", err=True)

    def listening(version: ServedVersion, url: str) -> None:
        if form == "json":
            import json

            said = {"url": url, "model": version.name, "version": version.version, "stage": version.stage}
            click.echo(json.dumps(said))
        else:
            click.echo(f"{version.name}, version {version.version}: {url}/  Stop with Ctrl+C.")

    logging.basicConfig(level=logging.WARNING, format="handoff serve: %(message)s")
    try:
        serve(address, host, port, tracking_uri, ledger=ledger, keys=keys, listening=listening)
    except KeyboardInterrupt:  # how a server is meant to be ended
        return 0
    return 0
