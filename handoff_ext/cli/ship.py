"""``handoff ship``: the whole road."""

from __future__ import annotations

from pathlib import Path

import click

from handoff_ext.cli.options import retrain_option
from handoff_ext.cli.output import format_option, print_json, progress_lines, progress_text
from handoff_ext.contracts.shipping import Shipped
from handoff_ext.contracts.words import STEP


@click.command("ship")
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--name", default="", help="The model's name in the registry.")
@click.option("--tracking-uri", default="", help="Where to publish. Default: a file mlflow.db beside the notebook.")
@click.option("-p", "--parameter", "parameters", nargs=2, multiple=True, metavar="NAME VALUE", help="Set a parameter.")
@click.option("--kernel", default="", help="The kernel to run on. Default: the notebook's own.")
@click.option(
    "--plan", type=click.Path(path_type=Path), help="The plan. Default: NAME.handoff.yaml beside the notebook."
)
@click.option("--model", help="Which variable is the model, where there are several.")
@click.option("--draft", is_flag=True, help="Publish although answers are missing; a draft cannot be promoted.")
@click.option(
    "--yes", is_flag=True, help="Take all safe fixes and suggestions, on a copy: the notebook stays as it is."
)
@click.option("--force", is_flag=True, help="Run every step again, also unchanged ones.")
@retrain_option
@click.option("--until", type=click.Choice(list(STEP)), default="predict", help="End after this step.")
@click.option("--progress", "lines", is_flag=True, help="Progress as JSON lines on stderr.")
@format_option
def command(
    notebook: Path,
    name: str,
    tracking_uri: str,
    parameters: tuple[tuple[str, str], ...],
    kernel: str,
    plan: Path | None,
    model: str | None,
    draft: bool,
    yes: bool,
    force: bool,
    retrain: bool,
    until: str,
    lines: bool,
    form: str,
) -> int:
    """Hand a notebook over: check, fix, cut into steps, run, compare, publish, try on a clean machine."""
    from handoff_ext.ship import Options, ship

    options = Options(
        name=name,
        tracking_uri=tracking_uri,
        parameters=dict(parameters),
        kernel=kernel,
        plan=plan,
        model=model,
        draft=draft,
        yes=yes,
        force=force,
        retrain=retrain,
        until=until,  # type: ignore[arg-type]
    )
    shipped = ship(notebook, options, progress_lines if lines else progress_text())
    if form == "json":
        print_json(shipped)
    else:
        _print_table(shipped, whole=until == "predict")
    failed = any(step.status == "failed" for step in shipped.steps)
    return int(failed or (until == "predict" and shipped.verdict != "handed over"))


def _print_table(shipped: Shipped, whole: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(justify="right", style="dim", no_wrap=True)
    for step in shipped.steps:
        said = step.detail if step.status == "ok" else f"{step.status}: {step.reason}"
        table.add_row(STEP[step.step], said, f"{step.seconds:.1f} s")
    if shipped.metric:
        table.add_row(shipped.metric.name, _metric(shipped), "")
    if whole:
        draft = " (draft)" if shipped.draft else ""
        table.add_row("Verdict", f"{shipped.verdict}{draft} {shipped.model_uri}".strip(), "")
    console = Console(highlight=False)
    console.print()
    console.print(table)


def _metric(shipped: Shipped) -> str:
    assert shipped.metric is not None
    shown = [
        f"{value:.4f} in the {where}" if value is not None else f"not measured in the {where}"
        for where, value in (("notebook", shipped.metric.notebook), ("pipeline", shipped.metric.pipeline))
    ]
    return ", ".join(shown)
