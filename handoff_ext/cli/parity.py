"""``handoff parity``: same answers live as in training."""

from __future__ import annotations

from pathlib import Path

import click

from handoff_ext.cli.output import format_option, print_json, progress_text
from handoff_ext.contracts.evidence import ParityRecord


@click.command("parity")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--every-row", is_flag=True, help="Ask about every row in every way, however long it takes.")
@format_option
def command(folder: Path, every_row: bool, form: str) -> int:
    """Show that the packed model, asked as when serving, answers row by row what it answered in training."""
    from handoff_ext.publish import parity

    record = parity(folder, progress_text(), every_row)
    if form == "json":
        print_json(record)
        return int(not record.equal)
    verdict = "Same answers live as in training" if record.equal else "The answers differ from training"
    click.echo(f"{verdict}: {record.compared_values:,} values, largest difference {record.max_difference:.2g}.")
    for way in record.ways:
        click.echo(f"  {way}")
    if record.level == "raw":
        click.echo(f"Raw rows: {record.holdout_rows:,} of the hold-out, {record.training_rows:,} of training.")
    _print_columns(record)
    for row in record.worst or record.refused:
        which = f"row {row['row'] + 1}: {row['output'].removeprefix('input ')}, asked {row['way']}"
        far = row["difference"]
        click.echo(f"  {which}, " + (f"difference {far:.3g}" if far is not None else "another value"))
    for said in (record.reason, record.why_prepared):
        if said:
            click.echo(said)
    return int(not record.equal)


def _print_columns(record: ParityRecord) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("column", overflow="fold")
    table.add_column("is")
    for title in ("values", "different", "largest difference"):
        table.add_column(title, justify="right")
    for column in sorted(record.columns, key=lambda each: -each.different):
        largest = "another value" if column.max_difference is None else f"{column.max_difference:.2g}"
        table.add_row(column.name, column.kind, f"{column.values:,}", f"{column.different:,}", largest)
    Console(highlight=False).print(table)
