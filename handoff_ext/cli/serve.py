"""``handoff serve``: answer predictions over HTTP."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import click

from handoff_ext.cli.output import format_option

if TYPE_CHECKING:
    from handoff_ext.serve.version import ServedVersion


@click.command("serve")
@click.argument("model_uri")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@click.option("--tracking-uri", help="Where the registry is. Default: MLflow's own.")
@format_option
def command(model_uri: str, host: str, port: int, tracking_uri: str | None, form: str) -> int:
    """Answer for a published model: an API for programs, a page for people.

    Ends on Ctrl+C or SIGTERM, after the requests at work.
    """
    from handoff_ext.serve.server import serve

    def listening(version: ServedVersion, url: str) -> None:
        if form == "json":
            import json

            said = {"url": url, "model": version.name, "version": version.version, "stage": version.stage}
            click.echo(json.dumps(said))
        else:
            click.echo(f"{version.name}, version {version.version}: {url}/  Stop with Ctrl+C.")

    logging.basicConfig(level=logging.WARNING, format="handoff serve: %(message)s")
    try:
        serve(model_uri, host, port, tracking_uri, listening=listening)
    except KeyboardInterrupt:  # how a server is meant to be ended
        return 0
    return 0
