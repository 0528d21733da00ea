"""``handoff check``: parse, check, render."""

from __future__ import annotations

from pathlib import Path

import click

from handoff_ext.checks.formats import FORMATS, render
from handoff_ext.checks.settings import Settings
from handoff_ext.checks.walk import check_paths
from handoff_ext.contracts.errors import HandoffError


def _words(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print.")
@click.option("--select", multiple=True, callback=_words, metavar="CODES", help="Only these rules or families.")
@click.option("--ignore", multiple=True, callback=_words, metavar="CODES", help="Not these rules or families.")
@click.option("--fix", "fixing", is_flag=True, help="Apply all safe fixes to the files.")
@click.option("--diff", "showing", is_flag=True, help="Show what --fix would change.")
@click.option("--since", metavar="REV", help="Only notebooks changed since this git revision.")
def command(
    paths: tuple[Path, ...],
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fixing: bool,
    showing: bool,
    since: str | None,
) -> int:
    """Find what ties notebooks to one computer.

    Exit codes: 0 nothing that must be fixed, 1 something that must, 2 nothing readable or wrong use.
    """
    settings = Settings(select=select, ignore=dict.fromkeys(ignore, "left out on the command line"))
    if fixing and showing:
        raise HandoffError("--fix and --diff cannot be used together.", "Choose one.")
    if since is not None:
        from handoff_ext.checks.changed import changed_since

        paths = tuple(changed_since(paths, since))
    if fixing or showing:
        from handoff_ext.checks.fixing.files import fix_files

        said = fix_files(paths, settings, write=fixing)
        if showing and form == "text":
            click.echo(said.diff, nl=False)
        for line in said.lines:
            click.echo(line, err=True)
    report = check_paths(paths, settings)
    if not (showing and form == "text"):
        click.echo(render(report, form))
    if form not in ("text", "json", "html"):
        for each in report.unreadable:
            click.echo(f"Not read: {each.reason}", err=True)
    if report.unreadable and not report.checked:
        return 2
    return 1 if any(finding.severity == "error" for finding in report.findings) else 0
