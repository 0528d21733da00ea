"""``handoff retrain``: train a published model again."""

from __future__ import annotations

from pathlib import Path

import click

from handoff_ext.cli.output import files_of, format_option, print_json, progress_lines, progress_text


@click.command("retrain")
@click.argument("name")
@click.option("--data", multiple=True, required=True, help="FILE, or PARAMETER=FILE where the pipeline has several.")
@click.option("-p", "--parameter", "given", nargs=2, multiple=True, metavar="NAME VALUE", help="Another parameter.")
@click.option("--by", default="handoff retrain", show_default=True, help="Who or what asks for it, for the record.")
@click.option("--kernel", default="", help="Another kernel than the pipeline's own.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep pipeline and runs in this folder.")
@click.option("--tracking-uri", default="", help="Where the registry is. Default: MLflow's own.")
@click.option("--progress", is_flag=True, help="Progress as JSON lines on stderr.")
@format_option
def command(
    name: str,
    data: tuple[str, ...],
    given: tuple[tuple[str, str], ...],
    by: str,
    kernel: str,
    keep: Path | None,
    tracking_uri: str,
    progress: bool,
    form: str,
) -> int:
    """Train NAME again on new data, by the pipeline that was published with the version in charge.

    What comes of it is tested on a clean machine, compared on the same fresh rows, and registered as a candidate that
    only watches. Exit code 1 where it is not better: then it cannot be promoted, and the record says why.
    """
    from handoff_ext.retrain.again import in_words, train_again

    sink = progress_lines if progress or form == "json" else progress_text()
    done = train_again(name, files_of(data), tracking_uri, by, dict(given), kernel, keep, sink)
    if form == "json":
        print_json(done)
    else:
        click.echo(in_words(done))
    return int(done.gate != "open")
