"""Which rows are asked one by one where they are too many: those that show what is rare, and rows from everywhere."""

from __future__ import annotations

import collections
from typing import Any

RAREST, KINDS = 20, 50


def asked(given: dict[str, Any], limit: Any) -> list[int]:
    """Positions of the rows to ask: of the hold-out and of training all, or ``limit`` each (None: no limit).

    Args:
        given: ``rows``, and where they are known ``which`` (hold-out or training, a row) and ``telling`` (positions).
        limit: what does not depend on how quick the machine is.
    """
    total = len(given["rows"])
    groups: dict[str, list[int]] = {}
    for position, which in enumerate(given.get("which") or [""] * total):
        groups.setdefault(which, []).append(position)
    found = []
    for positions in groups.values():
        found += positions if limit is None else _some(positions, given.get("telling", ()), limit)
    return found


def _some(positions: list[int], telling: Any, limit: int) -> list[int]:
    """At most ``limit`` of them: what is telling first, as far as half of them, the others evenly spread."""
    if len(positions) <= limit:
        return positions
    there = set(positions)
    first = [position for position in telling if position in there][: limit // 2]
    rest = sorted(there.difference(first))
    more = limit - len(first)
    return first + [rest[index * len(rest) // more] for index in range(more)]


def telling(columns: list[list[Any]]) -> list[int]:
    """Positions of rows that show a missing value, an extreme, or a rare choice, of each column in turn.

    A column has the first row with nothing, its least and greatest numbers, its shortest and longest text, and one row
    of each of its rarest values: up to 20 where it has no more than 50 or is text.
    """
    queues = [collections.deque(_of_column(column)) for column in columns]
    found: dict[int, None] = {}
    while any(queues):
        for queue in queues:
            if queue:
                found[queue.popleft()] = None
    return list(found)


def _of_column(column: list[Any]) -> list[int]:
    try:
        counts = collections.Counter(column)
    except TypeError:  # lists
        return []
    first = dict(zip(reversed(column), range(len(column) - 1, -1, -1)))
    found = [first[None]] if None in first else []
    values = [value for value in counts if value is not None]
    numbers = [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    texts = [value for value in values if isinstance(value, str)]
    if numbers:
        found += [first[min(numbers)], first[max(numbers)]]
    if texts:
        found += [first[min(texts, key=len)], first[max(texts, key=len)]]
    if len(values) <= KINDS or len(texts) == len(values):
        found += [first[value] for value in sorted(values, key=lambda each: counts[each])[:RAREST]]
    return found
