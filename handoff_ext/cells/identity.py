"""Cell ids: the stored one where it is valid and unique, else one that depends on nothing but the cell's content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

_VALID = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")


def cell_ids(stored: Sequence[Any], content: Callable[[int], str]) -> list[str]:
    """One unique id a cell, given what the file holds as ids and, for the cell at an index, its kind and source.

    Valid ids of nbformat 4.5 stay, the first of duplicates too. Others become a hash of the content, so that they stay
    the same when cells are added, removed or moved around them.
    """
    ids: list[str] = []
    wanted = [value if isinstance(value, str) and _VALID.match(value) else None for value in stored]
    taken = {value for value in wanted if value}
    kept: set[str] = set()
    for index, value in enumerate(wanted):
        if value and value not in kept:
            kept.add(value)
            ids.append(value)
            continue
        base = hashlib.sha256(content(index).encode("utf-8", "surrogatepass")).hexdigest()[:12]
        made, count = base, 1
        while made in taken:
            count += 1
            made = f"{base}-{count}"
        taken.add(made)
        ids.append(made)
    return ids
