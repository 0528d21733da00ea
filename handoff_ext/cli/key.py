"""``handoff key``: an API key for a served model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from handoff_ext.cli.output import format_option, print_json

if TYPE_CHECKING:
    from handoff_ext.serve.keys import Role


@click.command("key")
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(["predict", "outcome", "operate"]),
    help="What it may do; may be given twice. operate: all. Default: predict and outcome.",
)
@click.option("--keys", type=click.Path(path_type=Path), default="handoff-keys.json", show_default=True)
@click.option("--remove", is_flag=True, help="Take the key's rights away.")
@format_option
def command(name: str, roles: tuple[str, ...], keys: Path, remove: bool, form: str) -> int:
    """Make a key for NAME (a person or a program) and print it, once: the file keeps only its digest.

    Serve with it: handoff serve MODEL_URI --keys FILE
    """
    from handoff_ext.serve.keys import add_key, remove_key

    if remove:
        remove_key(keys, name)
        said = {"name": name, "roles": []}
    else:
        allowed = cast("list[Role]", list(roles) or ["predict", "outcome"])
        said = {"name": name, "roles": allowed, "key": add_key(keys, name, allowed)}
    if form == "json":
        print_json(said)
    elif remove:
        click.echo(f"{name} may do nothing any more.", err=True)
    else:
        click.echo(said["key"])
    return 0
