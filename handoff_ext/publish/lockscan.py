"""Refuses package lists that give away where they were made."""

from __future__ import annotations

import re

from handoff_ext.contracts.errors import GateFailed

_PRIVATE = {
    "a user name or password in an address": re.compile(r"\w+://[^/\s\"']*@"),
    "the address of a package index": re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host|^-[if]\s", re.M),
    "a file: address": re.compile(r"\bfile:"),
    "a path of this computer": re.compile(r"(?:^|[\s\"'=@])(?:/(?!/)[\w.-]+/|~/|[A-Za-z]:[\\/](?!/))", re.M),
    "an editable installation": re.compile(r"^(?:-e|--editable)\s", re.M),
}


def refuse_private(text: str, name: str) -> None:
    """Let a list pass only where nothing in it names an index, a person or this computer.

    Raises:
        GateFailed: it does; the sentence says what and in which line, never the value.
    """
    for what, pattern in _PRIVATE.items():
        if match := pattern.search(text):
            line = text.count("\n", 0, match.end() - 1) + 1
            raise GateFailed(f"{name} would contain {what} (line {line}).", "Install that package from an index.")


def refuse_unhashed(text: str, name: str) -> None:
    """Let a list pass only where every entry is pinned and hashed.

    Raises:
        GateFailed: an entry is not; the sentence names it.
    """
    joined = re.sub(r"\\\r?\n", " ", text)
    for line in joined.splitlines():
        entry = line.partition(" #")[0].strip()
        if not entry or entry.startswith("#"):
            continue
        pinned = re.match(r"(?:[A-Za-z0-9][\w.-]*(?:\[[\w,-]+\])?==\S+|\./wheels/\S+\.whl)\s", entry + " ")
        if not pinned or "--hash=sha256:" not in entry:
            raise GateFailed(f"{name} lists {entry.split()[0][:60]} without version or hash.", "Lock again.")
