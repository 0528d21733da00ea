"""``handoff rehearse``: the clean-machine test."""

from __future__ import annotations

from pathlib import Path

import click

from handoff_ext.cli.options import retrain_option
from handoff_ext.cli.output import format_option, print_json, progress_lines, progress_text
from handoff_ext.contracts.evidence import RehearsalRecord, Verdict


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

    store = tracking_uri or default_store(Path("here"))
    record = rehearse(model_uri, store, progress_lines if lines else progress_text(), hide, retrain)
    if form == "json":
        print_json(record)
    else:
        _print(record)
    return int(not record.predicts.passed)


def _print(record: RehearsalRecord) -> None:
    click.echo(f"Predicts: {_said(record.predicts)}")
    click.echo(f"Retrains: {_said(record.retrains)}")
    cut = [what for what, done in record.isolated.items() if done]
    left = [what for what, done in record.isolated.items() if not done]
    click.echo(f"Cut off: {', '.join(cut) or 'nothing'}" + (f"; not cut off: {', '.join(left)}" if left else ""))


def _said(verdict: Verdict) -> str:
    shown = {True: "passed", False: "failed", None: "not tried"}[verdict.passed]
    compared = (
        f", {verdict.compared_values:,} values compared, largest difference {verdict.max_difference:.2g}"
        if verdict.compared_values
        else ""
    )
    return f"{shown}{compared}. {verdict.reason}".strip()
