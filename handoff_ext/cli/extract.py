"""``handoff extract``: pull tagged cells out into a Papermill pipeline."""

from __future__ import annotations

from pathlib import Path

import click

from handoff_ext.cli.output import format_option, print_json


@click.command("extract")
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="The pipeline's folder. Default: NAME_pipeline.")
@click.option("--suggest", is_flag=True, help="Where no cell carries a step, take the suggested ones.")
@click.option("--model", help="The variable of the model to hand over, where there are several.")
@format_option
def command(notebook: Path, out: Path | None, suggest: bool, model: str | None, form: str) -> None:
    """Write the steps of NOTEBOOK as a pipeline that plain papermill runs. The notebook itself is only read.

    What you edited in the pipeline's folder is kept: it is merged with what the notebook gives now.
    """
    from handoff_ext.contracts.names import pipeline_folder
    from handoff_ext.contracts.words import count
    from handoff_ext.pipeline import extract

    manifest = extract(notebook, out=out, use_suggestions=suggest, model=model)
    if form == "json":
        print_json(manifest)
        return
    folder = out if out is not None else pipeline_folder(notebook)
    click.echo(f"{count(len(manifest.stages), 'step')} in {folder}:")
    for stage in manifest.stages:
        after = f"after {', '.join(stage.after)}" if stage.after else "from the beginning"
        pulled = f", {count(len(stage.pulled), 'cell')} of them needed but not tagged" if stage.pulled else ""
        click.echo(f"  {stage.name:<12} {count(len(stage.cells), 'cell')}{pulled}; {after}")
    click.echo(f"Left out: {count(len(manifest.left_out), 'cell')}.")
    if manifest.model:
        metrics = ", ".join(metric.name for metric in manifest.metrics) or "nothing"
        click.echo(f"Model: {manifest.model.variable} (step {manifest.model.stage}); measured: {metrics}.")
    missing = [each.name for each in manifest.parameters if each.type == "path" and each.default is None]
    if missing:
        click.echo(f"To be given when it runs: {', '.join(missing)}.")
    click.echo(f"Next: handoff run {folder}")
