"""How paths are shown in messages."""

from __future__ import annotations

from handoff_ext.checks.facts.text import HOLE


def short(text: str, most: int = 44) -> str:
    """The path with holes as ``...``, its middle left out where it is long."""
    plain = text.replace(HOLE, "{}").replace("`", "'")
    plain = "".join(each if each.isprintable() else "?" for each in plain)
    if len(plain) <= most:
        return plain
    return f"{plain[: most // 3]}...{plain[-(most - most // 3 - 3) :]}"
