"""A journal's lines: each carries a checksum, so that a half-written one is known for what it is."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def line(content: dict[str, Any]) -> bytes:
    """``CRC32 JSON``, ended by a line feed."""
    text = json.dumps(content, separators=(",", ":"), allow_nan=False, default=str).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of a journal, its head first; what a killed process left half-written is passed over."""
    with path.open("rb") as file:
        for raw in file:
            check, _, text = raw.rstrip(b"\n").partition(b" ")
            if raw.endswith(b"\n") and check == b"%08x" % zlib.crc32(text):
                yield json.loads(text)
