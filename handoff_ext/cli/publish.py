"""``handoff publish``: a version in the registry, tried on a clean machine."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path

import click

from handoff_ext.cli.options import retrain_option
from handoff_ext.cli.output import format_option, print_json, progress_lines, progress_text


@click.command("publish")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="The model's name in the registry.")
@click.option(
    "--tracking-uri",
    default="",
    help="MLflow's store. Default: MLFLOW_TRACKING_URI, else mlflow.db beside the notebook.",
)
@click.option("--draft", is_flag=True, help="Publish although answers are missing; a draft cannot be promoted.")
@retrain_option
@click.option("--progress", "lines", is_flag=True, help="Progress as JSON lines on stderr.")
@format_option
def command(folder: Path, name: str, tracking_uri: str, draft: bool, retrain: bool, lines: bool, form: str) -> int:
    """Publish the model of a pipeline that was run, with package list and card, and try it on a clean machine."""
    from handoff_ext.publish import publish
    from handoff_ext.publish.registry import shown
    from handoff_ext.rehearse import rehearse

    progress = progress_lines if lines else progress_text()
    version = publish(folder, name, tracking_uri, draft, progress, partial(rehearse, retrain=retrain))
    if form == "json":
        print_json({**dataclasses.asdict(version), "tracking_uri": shown(version.tracking_uri)})
        return int(not version.rehearsed)
    tested = "tested on a clean machine" if version.rehearsed else "NOT passed on a clean machine"
    click.echo(f"Published {version.uri}{' (draft)' if version.draft else ''}, {tested}.")
    click.echo(f"Store: {shown(version.tracking_uri)}")
    if not version.rehearsed:
        click.echo(f"Why: handoff rehearse {version.uri} --tracking-uri {shown(version.tracking_uri)}", err=True)
    return int(not version.rehearsed)
