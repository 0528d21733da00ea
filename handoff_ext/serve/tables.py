"""Rows from text: CSV read by what each column is, and JSON files of rows."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.serve.columns import Column

TRUE, FALSE = {"true", "yes", "1"}, {"false", "no", "0"}


def rows_from_csv(text: str, columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Rows of a CSV text with a header line; empty cells become None. What cannot be converted stays text, for
    validation to name it.

    Raises:
        HandoffError: no rows, a header that names a column twice, or a line with more or fewer cells than the header.
    """
    lines = csv_lines(text)
    header = lines[0] if lines else []
    if not header or len(set(header)) < len(header):
        raise HandoffError("The CSV needs a first line that names each column once.")
    known = {column.name: column for column in columns}
    rows = []
    for number, line in enumerate(lines[1:], 1):
        if not line:
            continue
        if len(line) != len(header):
            raise HandoffError(f"Row {number} of the CSV has {len(line)} cells, its first line {len(header)}.")
        rows.append({name: value_of(cell, known.get(name)) for name, cell in zip(header, line, strict=True)})
    if not rows:
        raise HandoffError("The CSV has no rows below its first line.")
    return rows


def csv_lines(text: str) -> list[list[str]]:
    """The lines of a CSV text, each as its cells.

    Raises:
        HandoffError: a quote is wrong.
    """
    try:
        return list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), strict=True))
    except csv.Error as error:
        raise HandoffError("The CSV cannot be read: a quote is not closed, or not where it may be.") from error


def value_of(cell: str, column: Column | None) -> Any:
    """What a person typed, as the column's kind of value; None where empty, the text itself where it does not fit."""
    text = cell.strip()
    if not text:
        return "" if column and column.kind == "text" and not column.nullable else None
    if column is None or column.kind in {"text", "date", "bytes"}:
        return cell
    if column.kind == "yes/no":
        return text.lower() in TRUE if text.lower() in TRUE | FALSE else cell
    try:
        return int(text) if column.kind == "whole" else float(text)
    except ValueError:
        pass
    try:
        return json.loads(text) if column.kind == "other" else float(text)
    except ValueError:
        return cell


def rows_from_json(text: str | bytes) -> list[Any]:
    """Rows of a JSON text: a list of rows, ``{"rows": [...]}``, or one row.

    Raises:
        HandoffError: not JSON, or none of these.
    """
    return rows_of(parse_json(text))


def rows_of(content: object) -> list[Any]:
    """The rows in what JSON held."""
    if isinstance(content, dict):
        inner = content.get("rows")
        return inner if isinstance(inner, list) and len(content) == 1 else [content]
    if isinstance(content, list):
        return content
    raise HandoffError("Rows are a list of objects, one value for each input.")


def parse_json(text: str | bytes) -> Any:
    """What a JSON text holds.

    Raises:
        HandoffError: it is not JSON; the message says where, and never what stands there.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise HandoffError(f"This is not JSON (line {error.lineno}, column {error.colno}).") from None
    except UnicodeDecodeError:
        raise HandoffError("This is not JSON: the text is not UTF-8.") from None
    except (RecursionError, ValueError):
        raise HandoffError("This JSON is nested too deep or holds too long a number.") from None


def without_nan(rows: list[Any]) -> list[Any]:
    """Rows with None for NaN: what pandas writes for missing values."""
    return [
        {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}
        if isinstance(row, dict)
        else row
        for row in rows
    ]
