"""``handoff rehearse``: the clean-machine test."""

from __future__ import annotations

from pathlib import Path

import click

from handoff_ext.cli.options import retrain_option
from handoff_ext.cli.output import format_option, print_json, progress_lines, progress_text


@click.command("rehearse")
@click.argument("model_uri")
@click.option(
    "--tracking-uri", default="", help="MLflow's store. Default: MLFLOW_TRACKING_URI, else mlflow.db in this folder."
)
@click.option("--hide", type=click.Path(path_type=Path), help="A folder the clean machine must not see.")
@retrain_option
@click.option("--progress", "lines", is_flag=True, help="Progress as JSON lines on stderr.")
@format_option
def command(model_uri: str, tracking_uri: str, hide: Path | None, retrain: bool, lines: bool, form: str) -> int:
    """Try a published model as a stranger would: a new environment, no network, none of your files."""
    from handoff_ext.publish.registry import default_store
    from handoff_ext.rehearse import rehearse
    from handoff_ext.rehearse.saying import evidence_lines

    store = tracking_uri or default_store(Path("here"))
    record = rehearse(model_uri, store, progress_lines if lines else progress_text(), hide, retrain)
    if form == "json":
        print_json(record)
    else:
        for line in evidence_lines(record):
            click.echo(line)
    return int(not record.predicts.passed)
