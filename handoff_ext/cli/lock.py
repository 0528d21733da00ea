"""``handoff lock``: the exact package lists."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from handoff_ext.cli.output import format_option, print_json, progress_text


@click.command("lock")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; say what moved since the list was written.")
@format_option
def command(folder: Path, check: bool, form: str) -> int:
    """Write the exact package list of a pipeline that was run: versions with hashes, as the kernel really had them."""
    if check:
        return _check(folder, form)
    from handoff_ext.publish import lock

    locks = lock(folder, progress_text())
    if form == "json":
        print_json(
            {
                "requirements": str(locks.requirements),
                "serving": str(locks.serving),
                "packages": locks.packages,
                "serving_packages": locks.serving_packages,
                "notes": list(locks.notes),
            }
        )
        return 0
    click.echo(f"{locks.requirements}: {locks.packages} packages, all with hashes")
    click.echo(f"{locks.serving}: {locks.serving_packages} packages, all with hashes")
    for note in locks.notes:
        click.echo(note)
    return 0


def _check(folder: Path, form: str) -> int:
    from handoff_ext.publish import moved

    found = moved(folder)
    if form == "json":
        print_json({"moved": [dataclasses.asdict(each) for each in found]})
    elif not found:
        click.echo("Nothing moved since the exact package list was written.")
    for each in found if form == "text" else ():
        click.echo(f"{each.name}: {each.locked or 'not in the list'} -> {each.now or 'not installed'}")
    return int(bool(found))
