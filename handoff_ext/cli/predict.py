"""``handoff predict``: ask a published version once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handoff_ext.cli.output import format_option, print_json
from handoff_ext.contracts.errors import HandoffError

if TYPE_CHECKING:
    from handoff_ext.contracts.serving import Answers


@click.command("predict")
@click.argument("model_uri")
@click.argument("rows", required=False)
@click.option("--example", is_flag=True, help="Predict the example that the version was published with.")
@click.option("--tracking-uri", help="Where the registry is. Default: MLflow's own.")
@format_option
def command(model_uri: str, rows: str | None, example: bool, tracking_uri: str | None, form: str) -> int:
    """Ask a published model once, through the same validation as the API.

    ROWS: a JSON or CSV file, - for stdin, or the JSON itself.
    """
    if bool(rows) == example:
        raise click.UsageError("Give either ROWS or --example.")
    from handoff_ext.serve.oneshot import predict
    from handoff_ext.serve.validate import RowsRefused

    given = _read(rows) if rows else None
    try:
        answers = predict(model_uri, given, tracking_uri)
    except RowsRefused as error:
        if form == "json":
            print_json({"message": error.message, "problems": [problem.model_dump() for problem in error.problems]})
        raise
    if form == "json":
        print_json(answers)
    else:
        _print(answers)
    return 0


def _read(rows: str) -> list[Any] | str:
    """Rows that JSON held, or the text of a CSV."""
    from handoff_ext.serve.tables import rows_from_json

    if rows.lstrip()[:1] in {"[", "{"}:
        return rows_from_json(rows)
    name = "stdin" if rows == "-" else Path(rows).name
    try:
        text = sys.stdin.read() if rows == "-" else Path(rows).read_text(encoding="utf-8")
    except OSError as error:
        raise HandoffError(f"{name} cannot be read: {(error.strerror or 'no reason given').lower()}.") from error
    except UnicodeDecodeError as error:
        raise HandoffError(f"{name} is not UTF-8 text.", "Give a JSON or CSV file.") from error
    return rows_from_json(text) if text.lstrip()[:1] in {"[", "{"} else text


def _print(answers: Answers) -> None:
    from rich.console import Console
    from rich.table import Table

    from handoff_ext.serve.wording import doubts, shown

    table = Table(box=None, pad_edge=False)
    for title in ("Row", "Answer", "Remarks"):
        table.add_column(title, overflow="fold")
    for number, answer in enumerate(answers.answers, 1):
        said = "a person decides" if answer.fallback and answer.prediction is None else shown(answer.prediction)
        table.add_row(str(number), said, " ".join(doubts(answer)))
    console = Console(highlight=False, markup=False)
    console.print(table)
    if answers.answers:
        first = answers.answers[0]
        console.print(f"{first.model}, version {first.version}, stage {first.stage}")
