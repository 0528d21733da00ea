"""Refuses to publish what contains a secret, by the same recognisers that check notebooks."""

from __future__ import annotations

import mmap
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from handoff_ext.contracts.errors import GateFailed

_WRITTEN_BY_PEOPLE = {".md", ".html", ".yaml", ".yml", ""}
_WRITTEN_BY_US = {".json", ".toml", ".txt", ".lock", ".csv"}
_CODE = {".ipynb", ".py"}
_TEXTS = _WRITTEN_BY_PEOPLE | _WRITTEN_BY_US | _CODE
_ARCHIVES = {".whl", ".skops", ".zip"}
_LARGEST = 20_000_000
Found = tuple[str, str, int]
"""Place, kind, line."""


def refuse_secrets(folder: Path, values: Mapping[str, str]) -> None:
    """Look through every file of a version, and through its tags and parameters.

    What somebody ignored in the notebook, with a reason, passes.

    Raises:
        GateFailed: a secret was found; the sentence names the place and the kind, never the value.
    """
    for place, kind, line in _found(folder, values):
        raise GateFailed(
            f"Publishing was refused: {kind} in {place}, line {line}.", "Take it out, run again, and change the key."
        )


def _found(folder: Path, values: Mapping[str, str]) -> Iterator[Found]:
    for name, value in values.items():
        yield from _in_text(name, value, people=True)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from _in_file(path.relative_to(folder).as_posix(), path)


def _in_file(place: str, path: Path) -> Iterator[Found]:
    if path.suffix in _ARCHIVES and zipfile.is_zipfile(path):
        yield from _in_archive(place, path)
    elif path.stat().st_size > _LARGEST or path.suffix not in _TEXTS:
        yield from _in_bytes(place, path)
    elif path.suffix in _CODE:
        yield from _in_code(place, path)
    else:
        text = path.read_text(encoding="utf-8", errors="replace")
        yield from _in_text(place, text, people=path.suffix in _WRITTEN_BY_PEOPLE)


def _in_archive(place: str, path: Path) -> Iterator[Found]:
    """A wheel, or a model that is a zip file: each of its files as if it lay there."""
    with tempfile.TemporaryDirectory(prefix="handoff-") as aside, zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                inside = Path(archive.extract(member, aside))
                yield from _in_file(f"{place}, {member.filename}", inside)
                inside.unlink()


def _in_bytes(place: str, path: Path) -> Iterator[Found]:
    """What is no text, or too long for one: runs of letters in which formats stand that can be nothing else."""
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for run in re.finditer(rb"[\x20-\x7e]{12,100000}", data):
            yield from _in_text(place, run[0].decode("ascii"), people=False)


def _in_text(place: str, text: str, people: bool) -> Iterator[Found]:
    """Files that programs wrote are full of hashes under names like ``key``: there only formats that can be nothing
    else count."""
    from handoff_ext.checks.secrets.running import secrets_in_text
    from handoff_ext.checks.secrets.shown import shown

    for secret in secrets_in_text(text):
        if secret.known or (people and secret.sure):
            kind = shown(secret.kind, text[secret.start : secret.end])
            yield place, kind, text.count("\n", 0, secret.start) + 1


def _in_code(place: str, path: Path) -> Iterator[Found]:
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
