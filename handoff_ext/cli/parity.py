"""``handoff parity``: same answers live as in training."""

from __future__ import annotations

from pathlib import Path

import click

from handoff_ext.cli.output import format_option, print_json, progress_text


@click.command("parity")
@click.argument("folder", type=click.Path(path_type=Path))
@format_option
def command(folder: Path, form: str) -> int:
    """Show that the packed model, asked as when serving, answers row by row what it answered in training."""
    from handoff_ext.publish import parity

    record = parity(folder, progress_text())
    if form == "json":
        print_json(record)
        return int(not record.equal)
    verdict = "Same answers live as in training" if record.equal else "The answers differ from training"
    click.echo(f"{verdict}: {record.compared_values:,} values, largest difference {record.max_difference:.2g}.")
    for way in record.ways:
        click.echo(f"  {way}")
    for row in record.worst:
        click.echo(f"  row {row['row'] + 1}: {row['output']}, asked {row['way']}, difference {row['difference']:.3g}")
    if record.reason:
        click.echo(record.reason)
    return int(not record.equal)
