"""``handoff review-setup``: notebooks that can be reviewed, in git and in CI."""

from __future__ import annotations

from pathlib import Path

import click

from handoff_ext.cli.output import format_option, print_written, progress_text


@click.command("review-setup")
@click.argument("folder", metavar="[REPOSITORY]", default=".", type=click.Path(path_type=Path))
@click.option(
    "--ci",
    type=click.Choice(["auto", "github", "gitlab", "none"]),
    default="auto",
    show_default=True,
    help="Which CI to write for; auto: the one the repository is pushed to.",
)
@format_option
def command(folder: Path, ci: str, form: str) -> int:
    """Set up nbdime for the repository, and CI that checks notebooks, runs pipelines and says what changed."""
    from handoff_ext.export.review import set_up

    done = set_up(folder, ci, progress_text())
    print_written(done.files, done.notes, form)
    return 0
