"""New data against what the pipeline declares of its inputs (``data.yaml``), before anything runs."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handoff_ext.contracts.errors import GateFailed, HandoffError

SAMPLE = 1000
NUMBERS = {"int", "float", "int64", "float64", "int32", "float32", "number"}


def new_data(folder: Path, given: Mapping[str, str]) -> dict[str, str]:
    """The parameters that name the new data, by absolute path, each looked at.

    Args:
        folder: the pipeline's.
        given: parameter to file; one without a name (``""``) is the only input's.

    Raises:
        HandoffError: an input is not given, not known, or cannot be read.
        GateFailed: a file lacks a column that the code reads, or a column holds other values than declared.
    """
    inputs = _declared(folder)
    names = [str(each["parameter"]) for each in inputs]
    named = {name or _only(names): file for name, file in given.items()}
    unknown = next((name for name in named if name not in names), None)
    if unknown:
        raise HandoffError(f"The pipeline has no input {unknown}.", f"It has {', '.join(names) or 'none'}.")
    found: dict[str, str] = {}
    for each in inputs:
        name = str(each["parameter"])
        default = str(each.get("default") or "")
        file = Path(named[name]).resolve() if name in named else (folder / default).resolve()
        if not file.exists():
            raise HandoffError(f"The input {name} is not there.", f"Give it: --data {name}=FILE")
        _look(name, file, each)
        found[name] = str(file)
    return found


def _declared(folder: Path) -> list[dict[str, Any]]:
    from ruamel.yaml import YAML

    file = folder / "data.yaml"
    content = YAML(typ="safe").load(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return list((content or {}).get("inputs") or [])


def _only(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    raise HandoffError("The pipeline has several inputs.", f"Give --data NAME=FILE for {', '.join(names)}.")


def _look(name: str, file: Path, declared: Mapping[str, Any]) -> None:
    columns = {str(each): "" for each in declared.get("used") or ()}
    columns |= {str(each): str(kind or "") for each, kind in dict(declared.get("columns") or {}).items()}
    if not columns or file.is_dir() or not (declared.get("format") == "csv" or file.suffix == ".csv"):
        return
    try:
        with file.open(newline="", encoding="utf-8-sig") as text:
            reader = csv.DictReader(text)
            header = set(reader.fieldnames or ())
            missing = sorted(columns.keys() - header)
            if missing:
                raise GateFailed(
                    f"The new {name} lacks {', '.join(missing[:5])}{' and more' if len(missing) > 5 else ''}.",
                    "The version in charge stays.",
                )
            rows = [row for _, row in zip(range(SAMPLE), reader, strict=False)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise HandoffError(f"The new {name} cannot be read ({type(error).__name__}).", "Give a CSV file.") from error
    if not rows:
        raise GateFailed(f"The new {name} has no rows.", "The version in charge stays.")
    for column, kind in columns.items():
        if kind.lower() in NUMBERS and not any(_number(row[column] or "") for row in rows):
            raise GateFailed(f"In the new {name}, {column} holds no numbers.", "The version in charge stays.")


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
