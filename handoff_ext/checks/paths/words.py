"""How paths are shown in messages."""

from __future__ import annotations

import re

from handoff_ext.checks.facts.text import HOLE

_USERINFO = re.compile(r"//[^/@\s]*@")


def short(text: str, most: int = 44) -> str:
    """The path with holes as ``{}``, without user and password, its middle left out where it is long."""
    plain = _USERINFO.sub("//", text.replace(HOLE, "{}").replace("`", "'"))
    plain = "".join(each if each.isprintable() else "?" for each in plain)
    if len(plain) <= most:
        return plain
    return f"{plain[: most // 3]}...{plain[-(most - most // 3 - 3) :]}"
