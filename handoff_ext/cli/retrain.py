"""``handoff retrain``: train a published model again."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handoff_ext.cli.output import format_option, print_json, progress_lines, progress_text
from handoff_ext.contracts.progress import ProgressSink, silent

if TYPE_CHECKING:
    from handoff_ext.retrain.retraining import Retrained


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
    sink = progress_lines if progress or form == "json" else progress_text()
    done, words = trained(name, files_of(data), tracking_uri, by, dict(given), kernel, keep, sink)
    if form == "json":
        print_json(done)
    else:
        click.echo(words)
    return int(done.gate != "open")


def files_of(data: Sequence[str]) -> dict[str, str]:
    """``PARAMETER=FILE`` as parameter to file; ``FILE`` alone belongs to the only parameter, ``""``."""
    return dict((each.partition("=")[0], each.partition("=")[2]) if "=" in each else ("", each) for each in data)


def trained(
    name: str,
    files: Mapping[str, str],
    tracking_uri: str,
    by: str,
    parameters: Mapping[str, str] | None = None,
    kernel: str = "",
    keep: Path | None = None,
    progress: ProgressSink = silent,
) -> tuple[Retrained, str]:
    """Train again; what came of it, and the same in a sentence.

    Raises:
        HandoffError: it came to nothing; the version in charge stays.
    """
    from handoff_ext.ledger.place import ledger_of
    from handoff_ext.ledger.store import Store
    from handoff_ext.publish.registry import default_store
    from handoff_ext.retrain.retraining import retrain

    uri = tracking_uri or default_store(Path("here"))
    with tempfile.TemporaryDirectory(prefix="handoff-retrain-") as aside:
        work = keep or Path(aside)
        store = Store(ledger_of(uri).database)
        done = retrain(name, files, uri, store, work.resolve(), by, parameters, kernel, progress)
    if done.gate != "open":
        return done, f"{name}, version {done.version}, only watches; {done.instead_of} stays: {done.gate}."
    after = "and is in charge now." if done.promoted else f"Let it: handoff promote {name} --to ... --approver NAME"
    return done, f"{name}, version {done.version}, is better than {done.instead_of}. {after}"
