"""What goes over the pipes: frames of two parts, each with its length in four bytes: a JSON head, and a body of bytes.

Bodies pass through the server untouched: it neither parses the open notebook nor builds the answer.
"""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any, BinaryIO

_LENGTHS = struct.Struct("!II")

Head = dict[str, Any]


def frame(head: Head, body: bytes) -> bytes:
    """One message."""
    packed = json.dumps(head).encode()
    return _LENGTHS.pack(len(packed), len(body)) + packed + body


def read(stream: BinaryIO) -> tuple[Head, bytes] | None:
    """The next message, or None at the end of the stream."""
    lengths = _exactly(stream, _LENGTHS.size)
    if lengths is None:
        return None
    head_size, body_size = _LENGTHS.unpack(lengths)
    head, body = _exactly(stream, head_size), _exactly(stream, body_size)
    if head is None or body is None:
        return None
    return json.loads(head), body


async def read_async(stream: asyncio.StreamReader) -> tuple[Head, bytes]:
    """The next message. Raises ``asyncio.IncompleteReadError`` where the stream ends."""
    head_size, body_size = _LENGTHS.unpack(await stream.readexactly(_LENGTHS.size))
    head = json.loads(await stream.readexactly(head_size))
    return head, await stream.readexactly(body_size)


def _exactly(stream: BinaryIO, size: int) -> bytes | None:
    data = stream.read(size)
    return data if len(data) == size else None
