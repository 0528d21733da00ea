"""Nothing that is known to be secret goes into records or executed notebooks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

Redact = Callable[[str], str]

_USERINFO = re.compile(r"(?<=://)[^\s/@:'\"]*:[^\s/@'\"]+(?=@)")
_ASSIGNED = re.compile(r"(?i)\b((?:password|passwd|secret|token|api_?key)\w*['\"]?\s*[=:]\s*['\"]?)[^\s'\",;&]{4,}")


def redactor(known: Iterable[str]) -> Redact:
    """A function that takes known values out of a text, plain or inside JSON."""
    forms = {form for value in known if len(value) > 3 for form in (value, json.dumps(value)[1:-1])}
    if not forms:
        return lambda text: text
    pattern = re.compile("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)))
    return lambda text: pattern.sub("***", text)


def sentence(text: str, length: int = 200) -> str:
    """An error message in one line, without passwords in addresses or assignments."""
    line = " ".join(text.split())
    line = _ASSIGNED.sub(r"\1***", _USERINFO.sub("***", line))
    return line if len(line) <= length else line[: length - 1] + "…"
