"""``handoff run``: run a pipeline; with ``--prove``, compare it with its notebook."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handoff_ext.cli.output import format_option, print_json, progress_lines, progress_text

if TYPE_CHECKING:
    from handoff_ext.contracts.evidence import ManyRuns, Proof, RunRecord

_SHOWN = ("name", "status", "seconds", "notebook", "error", "cell_id")


@click.command("run")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("-p", "--parameter", "parameters", nargs=2, multiple=True, metavar="NAME VALUE", help="Set a parameter.")
@click.option("--jobs", type=click.IntRange(0), default=0, help="Steps side by side. Default: as many as processors.")
@click.option("--prove", is_flag=True, help="Run the notebook too, twice, and compare what they compute.")
@click.option("--notebook", type=click.Path(path_type=Path), help="The notebook. Default: the one it was made from.")
@click.option("--kernel", default="", help="The kernel to run on. Default: the pipeline's own.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds a step may take.")
@click.option("--force", is_flag=True, help="Run every step again, also unchanged ones.")
@click.option("--dask", "address", metavar="ADDRESS", help="Run the steps on the Dask cluster of this scheduler.")
@click.option("--map", "maps", multiple=True, metavar="NAME=A,B", help="Run once for each value; again for more names.")
@click.option("--progress", "lines", is_flag=True, help="Progress as JSON lines on stderr.")
@format_option
def command(
    folder: Path,
    parameters: tuple[tuple[str, str], ...],
    jobs: int,
    prove: bool,
    notebook: Path | None,
    kernel: str,
    timeout: float | None,
    force: bool,
    address: str | None,
    maps: tuple[str, ...],
    lines: bool,
    form: str,
) -> int:
    """Run the pipeline in DIR: unchanged steps are not repeated, independent ones run side by side."""
    from handoff_ext import run
    from handoff_ext.contracts.errors import HandoffError
    from handoff_ext.contracts.progress import Progress

    progress = progress_lines if lines else progress_text()
    options: dict[str, Any] = {
        "parameters": dict(parameters),
        "progress": progress,
        "force": force,
        "jobs": jobs,
        "timeout": timeout,
        "kernel": kernel or None,
    }
    _only_one_of({"--prove": prove, "--map": bool(maps), "--dask": bool(address)})
    if maps:
        return _many(folder, maps, options, form)
    began = time.monotonic()
    ended: HandoffError | None = None
    proof: Proof | None = None
    try:
        if prove:
            proof, record = run.run_and_prove(folder, notebook, **options)
        elif address:
            here = {name: options[name] for name in ("parameters", "progress", "timeout", "kernel")}
            record = run.run_on_dask(folder, address, **here)
        else:
            record = run.run_pipeline(folder, **options)
    except (run.StageFailed, run.RunCancelled) as error:
        record, ended = error.record, error
    good = ended is None and (proof is None or proof.equal)
    progress(
        Progress(step="prove" if prove else "run", status="ok" if good else "failed", seconds=time.monotonic() - began)
    )
    if form == "json":
        stages = [{name: getattr(stage, name) for name in _SHOWN} for stage in record.stages]
        print_json({"stages": stages, "proof": proof.model_dump(mode="json") if proof else None})
    else:
        _print(record, proof)
    if ended is not None:
        click.echo(f"handoff: {ended.message} {ended.hint}", err=True)
    elif proof is not None and not proof.equal:
        click.echo(f"handoff: {proof.reason}", err=True)
    return int(ended is not None or (proof is not None and not proof.equal))


def _only_one_of(asked: dict[str, bool]) -> None:
    from handoff_ext.contracts.errors import HandoffError

    names = [name for name, given in asked.items() if given]
    if len(names) > 1:
        raise HandoffError(f"{names[0]} and {names[1]} do not go together.", "Run one after the other.")


def _many(folder: Path, maps: tuple[str, ...], options: dict[str, Any], form: str) -> int:
    from handoff_ext.contracts.errors import HandoffError
    from handoff_ext.contracts.progress import Progress
    from handoff_ext.run import run_many

    mapped = {}
    for each in maps:
        name, sign, values = each.partition("=")
        if not sign or not name:
            raise HandoffError(f"--map takes NAME=A,B, not {each}.")
        mapped[name] = [value for value in values.split(",") if value]
    summary = run_many(folder, mapped, **options)
    good = all(run.status == "ok" for run in summary.runs)
    options["progress"](Progress(step="run", status="ok" if good else "failed"))
    if form == "json":
        print_json(
            {
                "runs": [
                    {
                        **run.model_dump(mode="json", exclude={"stages"}),
                        "stages": [{name: getattr(stage, name) for name in _SHOWN} for stage in run.stages],
                    }
                    for run in summary.runs
                ]
            }
        )
    else:
        _print_many(summary, list(mapped))
    bad = [run for run in summary.runs if run.status != "ok"]
    if bad:
        why = bad[0].error or "The runs were stopped."
        click.echo(f"handoff: {len(bad)} of {len(summary.runs)} runs did not end well. {why}", err=True)
    return int(bool(bad))


def _print_many(summary: ManyRuns, names: list[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    metrics = list(dict.fromkeys(name for run in summary.runs for name in run.metrics))
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in (*names, "", "seconds", *metrics, "folder"):
        table.add_column(title, overflow="fold")
    for run in summary.runs:
        measured = [f"{run.metrics[name]:.6g}" if name in run.metrics else "" for name in metrics]
        said = "done" if run.status == "ok" else run.status
        table.add_row(*(str(run.values[name]) for name in names), said, f"{run.seconds:.1f}", *measured, run.run_dir)
    Console(highlight=False).print(table)


def _print(record: RunRecord, proof: Proof | None) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for title, justify in (("step", "left"), ("", "left"), ("seconds", "right"), ("MB", "right"), ("notebook", "left")):
        table.add_column(title, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for stage in record.stages:
        said = {"cached": "unchanged", "ok": "done"}.get(stage.status, stage.status)
        table.add_row(stage.name, said, f"{stage.seconds:.1f}", f"{stage.memory_mb:.0f}", stage.notebook)
    console = Console(highlight=False)
    console.print(table)
    for metric in record.metrics:
        shown = [
            f"{value:.6g} in the {where}"
            for where, value in (("notebook", metric.notebook), ("pipeline", metric.pipeline))
            if value is not None
        ]
        console.print(f"{metric.name}: {', '.join(shown) or 'not measured'}")
    for what, why in record.problems.items():
        console.print(f"Not taken: {what} ({why})")
    if proof is not None:
        _print_proof(proof, console)


def _print_proof(proof: Proof, console: Any) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("compared", "", "step", "verdict", "why"):
        table.add_column(title, overflow="fold")
    for one in proof.compared:
        why = one.detail or (f"differs by {one.difference:.2g}" if one.difference else "")
        table.add_row(one.name, one.kind, one.stage, one.verdict, why)
    console.print(table)
    if proof.equal:
        values = f"{proof.compared_values:,} values compared, largest difference {proof.max_difference:g}"
        console.print(f"Same result as the notebook: {values}.")
    else:
        console.print("Not proven to be the same as the notebook.")
