"""``handoff outcomes``: report what really came of answers."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import click

from handoff_ext.cli.output import format_option, print_json
from handoff_ext.contracts.errors import HandoffError

FIELDS = ("id", "truth", "decision", "known_at")


@click.command("outcomes")
@click.argument("file")
@click.option("--name", required=True, help="The model's name in the registry.")
@click.option("--by", default="", help="Who reports.")
@click.option("--tracking-uri", help="Where the registry is. Default: MLflow's own.")
@format_option
def command(file: str, name: str, by: str, tracking_uri: str | None, form: str) -> int:
    """Put outcomes on record.

    FILE: CSV with a first line, or JSON (a list, or one object a line), - for stdin. Each has id (an answer's) and
    truth, decision or both; known_at where the truth was known earlier than now.
    """
    from handoff_ext.ledger.place import ledger_of
    from handoff_ext.ledger.store import Store
    from handoff_ext.serve.outcomes import outcome_of

    outcomes = [outcome_of(number, each, by) for number, each in enumerate(_read(file), 1)]
    taken = Store(ledger_of(tracking_uri).database).add_outcomes(name, outcomes)
    if form == "json":
        print_json({"taken": taken})
    else:
        click.echo(f"{taken:,} outcomes noted.")
    return 0


def _read(file: str) -> list[Any]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise HandoffError(f"{Path(file).name} cannot be read as UTF-8 text.", "Give a CSV or JSON file.") from error
    try:
        if text.lstrip()[:1] == "[":
            return list(json.loads(text))
        if text.lstrip()[:1] == "{":
            return [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        raise HandoffError("This is not JSON.", "Give a list of outcomes, or one a line.") from None
    rows = list(csv.DictReader(io.StringIO(text)))
    if not rows or "id" not in rows[0]:
        raise HandoffError("The CSV needs a first line with id, and truth or decision.", "See handoff outcomes --help.")
    return [{name: _value(name, row[name]) for name in FIELDS if row.get(name)} for row in rows]


def _value(name: str, text: str) -> Any:
    """A cell as a number or yes/no where it is one: truth is compared with answers by what it says, not how."""
    if name in {"id", "known_at"}:
        return text.strip()
    if text.strip().lower() in {"true", "false"}:
        return text.strip().lower() == "true"
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, int | float) else text
