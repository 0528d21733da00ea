"""How a secret is shown: its kind, its length, its last two characters. Never more."""

from __future__ import annotations


def shown(kind: str, value: str) -> str:
    """``key, 40 characters, ends 7f``; of a short one not even the end."""
    if len(value) < 12:
        return f"{kind}, {len(value)} characters"
    end = "".join(letter if letter.isprintable() and letter != "\ufffd" else "?" for letter in value[-2:])
    return f"{kind}, {len(value)} characters, ends {end}"
