"""``handoff loadtest``: how much a served version bears."""

from __future__ import annotations

from pathlib import Path

import click

from handoff_ext.cli.output import format_option, print_json


@click.command("loadtest")
@click.argument("model_uri")
@click.option("--url", required=True, help="A running service: handoff serve prints it.")
@click.option("--clients", default=8, show_default=True, type=click.IntRange(1, 256))
@click.option("--seconds", default=10.0, show_default=True, type=click.FloatRange(0.1, 3600))
@click.option(
    "--rate", type=click.FloatRange(0.01), help="Requests a second in all, as the plan expects. Default: most."
)
@click.option("--key", default="", envvar="HANDOFF_KEY", help="An API key of the service.")
@click.option("--tracking-uri", help="Where the registry is. Default: MLflow's own.")
@click.option(
    "--note", is_flag=True, help="Write the figures to the version (tag handoff.load): its card shows them when served."
)
@format_option
def command(
    model_uri: str,
    url: str,
    clients: int,
    seconds: float,
    rate: float | None,
    key: str,
    tracking_uri: str | None,
    note: bool,
    form: str,
) -> int:
    """Ask a running service one row after another, with the version's own example rows. Exit code 1 where one request
    was not answered."""
    import asyncio
    import json

    from handoff_ext.contracts.errors import HandoffError
    from handoff_ext.serve.loading import load
    from handoff_ext.serve.registry import fetch

    version = fetch(model_uri, tracking_uri)
    if not version.example:
        raise HandoffError("This version was published without an example row.", "Publish it again.")
    figures = asyncio.run(load(url.rstrip("/"), version.example, clients, seconds, key, rate)).figures()
    if note:
        from handoff_ext.publish.registry import Registry, default_store

        Registry(tracking_uri or default_store(Path("here"))).tag_version(
            model_uri, {"handoff.load": json.dumps(figures)}
        )
    if form == "json":
        print_json({**figures, "expected": version.plan.operation.volume})
    else:
        half, most = figures["half within ms"], figures["99 of 100 within ms"]
        click.echo(
            f"{figures['a second']} answers a second from {clients} clients, {figures['fallbacks']} by fallback."
        )
        click.echo(f"Half within {half} ms, 99 of 100 within {most} ms.")
        click.echo(f"Expected: {version.plan.operation.volume or 'the plan does not say'}")
    return int(bool(figures["refused"]) or not figures["requests"])
