"""``handoff run``: run a pipeline; with ``--prove``, compare it with its notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from handoff_ext.cli.output import format_option, print_json, progress_lines, progress_text


@click.command("run")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("-p", "--parameter", "parameters", nargs=2, multiple=True, metavar="NAME VALUE", help="Set a parameter.")
@click.option("--jobs", type=click.IntRange(0), default=0, help="Steps side by side. Default: as many as processors.")
@click.option("--kernel", default="", help="The kernel to run on. Default: the pipeline's own.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds a step may take.")
@click.option("--force", is_flag=True, help="Run every step again, also unchanged ones.")
@click.option("--progress", "lines", is_flag=True, help="Progress as JSON lines on stderr.")
@format_option
def command(
    folder: Path,
    parameters: tuple[tuple[str, str], ...],
    jobs: int,
    kernel: str,
    timeout: float | None,
    force: bool,
    lines: bool,
    form: str,
) -> int:
    """Run the pipeline in DIR: unchanged steps are not repeated, independent ones run side by side."""
    from handoff_ext.contracts.errors import HandoffError
    from handoff_ext.run import RunCancelled, StageFailed, run_pipeline

    ended: HandoffError | None = None
    try:
        record = run_pipeline(
            folder,
            dict(parameters),
            progress_lines if lines else progress_text(),
            force=force,
            jobs=jobs,
            timeout=timeout,
            kernel=kernel or None,
        )
    except (StageFailed, RunCancelled) as error:
        record, ended = error.record, error
    if form == "json":
        kept = ("name", "status", "seconds", "notebook", "error", "cell_id")
        stages: list[dict[str, Any]] = [
            {name: value for name, value in stage.model_dump().items() if name in kept} for stage in record.stages
        ]
        print_json({"stages": stages, "proof": record.proof.model_dump(mode="json") if record.proof else None})
    if ended is not None:
        click.echo(f"handoff: {ended.message} {ended.hint}", err=True)
    return int(ended is not None)
