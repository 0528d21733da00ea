"""``handoff export``: a pipeline for CI or Airflow, which run it with papermill alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from handoff_ext.cli.output import format_option, print_written, progress_text

if TYPE_CHECKING:
    from handoff_ext.export.exporting import Kind


@click.command("export")
@click.argument("kind", type=click.Choice(["github", "gitlab", "airflow"]))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file. Default: where KIND looks for it.")
@format_option
def command(kind: Kind, folder: Path, output: Path | None, form: str) -> int:
    """Write a CI workflow or an Airflow DAG that runs the pipeline in DIR with papermill alone."""
    from handoff_ext.export.exporting import export

    done = export(kind, folder, output, progress_text())
    print_written(done.files, done.notes, form)
    return 0
