"""The keys of the tables that travel with a model, so that it is seen when rows are no longer found there."""

from __future__ import annotations

import base64
import math
import struct
import zlib
from typing import Any

MOST = 100_000


def known_keys(joins: list[dict[str, Any]], kept: dict[str, Any], rows: Any, hidden: list[str]) -> list[dict[str, Any]]:
    """For each joined table that is kept: its name, the columns of a row that are looked up, which share of ``rows``
    is found, and the checksums of its keys. Left out where a key is no column of the row, personal, or no plain value,
    and where there are more than 100,000 keys.

    Args:
        joins: as ``features.yaml`` names them.
        kept: what training learned, by name.
        rows: raw rows of training.
        hidden: columns whose values nobody may log.
    """
    found = []
    for join in joins:
        keys = [str(key) for key in join["keys"]]
        table = _table(join["table"], keys, kept)
        if table is None or any(key not in rows.columns or key in hidden for key in keys):
            continue
        try:
            there = {checksum(values) for values in table[keys].drop_duplicates().itertuples(index=False, name=None)}
            asked = [checksum(values) for values in rows[keys].itertuples(index=False, name=None)]
        except TypeError:
            continue
        there.discard(None)
        present = [each for each in asked if each is not None]
        if not present or not there or len(there) > MOST:
            continue
        packed = struct.pack("<%dI" % len(there), *sorted(there))
        share = sum(each in there for each in present) / len(present)
        name = str(join["table"])
        found.append({"table": name, "keys": keys, "found": share, "known": base64.b64encode(packed).decode()})
    return found


def checksum(values: Any) -> Any:
    """CRC-32 of a key as the record spells it; None where a part is missing.

    Raises:
        TypeError: a part is no text, number or yes/no.
    """
    texts = []
    for given in values:
        value = given.item() if hasattr(given, "item") else given
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return None
        if not isinstance(value, (str, int, float)):
            raise TypeError(type(value).__name__)
        texts.append(str(int(value)) if isinstance(value, float) and value.is_integer() else str(value))
    return zlib.crc32("\x1f".join(texts).encode("utf-8", "surrogatepass"))


def _table(name: str, keys: list[str], kept: dict[str, Any]) -> Any:
    """The kept table of that name, else what training took of it."""
    joined = [each for each in kept if each == "join " + name or each.startswith("join %s (" % name)]
    for place in ["table " + name, *joined, *(each for each in kept if each.startswith(name))]:
        table: Any = kept.get(place)
        if isinstance(table, dict):
            table = table.get("table")
        if getattr(table, "ndim", 0) != 2 or not hasattr(table, "columns") or not len(table):
            continue
        if all(key in table.columns for key in keys):
            return table
    return None
