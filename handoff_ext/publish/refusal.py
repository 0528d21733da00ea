"""Refuses to publish what contains a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from handoff_ext.contracts.errors import GateFailed

_TEXT = {".md", ".html", ".json", ".yaml", ".yml", ".toml", ".txt", ".lock", ".py", ".ipynb", ".csv", ""}
_LARGEST = 20_000_000
_KINDS = {
    "a password in an address": re.compile(
        r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"'<>{}$]+:[^\s/@\"'<>{}$*]{3,}@[\w.-]+"
    ),
    "a cloud access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b(?<!EXAMPLE)"),
    "a forge's token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20})"),
    "a chat token": re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{20,}"),
    "a model hub's token": re.compile(r"\bhf_[A-Za-z]{34}\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
}


def refuse_secrets(folder: Path, values: Mapping[str, str]) -> None:
    """Look through every text file of a version and through its tags and parameters.

    Raises:
        GateFailed: a secret was found; the sentence names the place and the kind, never the value.
    """
    for place, text in _texts(folder, values):
        for kind, line in found_secrets(text):
            raise GateFailed(
                f"Publishing was refused: {kind} in {place}, line {line}.",
                "Take it out, run again, and change the key.",
            )


def found_secrets(text: str) -> Iterator[tuple[str, int]]:
    """Kind and line of each secret in a text: formats that cannot be anything else."""
    for kind, pattern in _KINDS.items():
        for match in pattern.finditer(text):
            yield kind, text.count("\n", 0, match.start()) + 1


def _texts(folder: Path, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from values.items()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in _TEXT and path.stat().st_size <= _LARGEST:
            yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8", errors="replace")
