"""handoff-ext: a model is ready when others can use it without the person who built it."""

from __future__ import annotations

__version__ = "0.1.0"


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "handoff-ext"}]
