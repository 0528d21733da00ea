"""Refuses to publish what contains a secret, by the same recognisers that check notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from handoff_ext.contracts.errors import GateFailed

_WRITTEN_BY_PEOPLE = {".md", ".html", ".yaml", ".yml", ""}
_WRITTEN_BY_US = {".json", ".toml", ".txt", ".lock", ".csv"}
_LARGEST = 20_000_000


def refuse_secrets(folder: Path, values: Mapping[str, str]) -> None:
    """Look through every text of a version, and through its tags and parameters.

    What somebody ignored in the notebook, with a reason, passes.

    Raises:
        GateFailed: a secret was found; the sentence names the place and the kind, never the value.
    """
    for place, kind, line in _found(folder, values):
        raise GateFailed(
            f"Publishing was refused: {kind} in {place}, line {line}.", "Take it out, run again, and change the key."
        )


def _found(folder: Path, values: Mapping[str, str]) -> Iterator[tuple[str, str, int]]:
    for name, value in values.items():
        yield from _in_text(name, value, people=True)
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.stat().st_size > _LARGEST:
            continue
        place = path.relative_to(folder).as_posix()
        if path.suffix in {".ipynb", ".py"}:
            yield from _in_code(place, path)
        elif path.suffix in _WRITTEN_BY_PEOPLE | _WRITTEN_BY_US:
            text = path.read_text(encoding="utf-8", errors="replace")
            yield from _in_text(place, text, people=path.suffix in _WRITTEN_BY_PEOPLE)


def _in_text(place: str, text: str, people: bool) -> Iterator[tuple[str, str, int]]:
    """Files that programs wrote are full of hashes under names like ``key``: there only formats that can be nothing
    else count."""
    from handoff_ext.checks.secrets.running import secrets_in_text
    from handoff_ext.checks.secrets.shown import shown

    for secret in secrets_in_text(text):
        if secret.known or (people and secret.sure):
            kind = shown(secret.kind, text[secret.start : secret.end])
            yield place, kind, text.count("\n", 0, secret.start) + 1


def _in_code(place: str, path: Path) -> Iterator[tuple[str, str, int]]:
    from handoff_ext.cells.read import from_json, read_raw
    from handoff_ext.checks import Settings, check_notebook

    if path.suffix == ".ipynb":
        raw = read_raw(path)
    else:
        cell: dict[str, object] = {
            "cell_type": "code",
            "id": "module",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        cell["source"] = path.read_text(encoding="utf-8", errors="replace")
        raw = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "python"}}, "cells": [cell]}
    report = check_notebook(from_json(place, raw), plan={}, settings=Settings(select=("CRED",)))
    for finding in report.findings:
        if finding.rule.startswith("CRED") and finding.severity == "error":
            where = f"{place}, cell {finding.cell_index + 1}" if path.suffix == ".ipynb" else place
            yield where, finding.message.split(". ")[0], finding.line
