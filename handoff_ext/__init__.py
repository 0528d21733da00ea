"""handoff-ext: a model is ready when others can use it without the person who built it."""

from __future__ import annotations

__version__ = "0.1.0"


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "handoff-ext"}]


def __getattr__(name: str) -> object:
    """``try_model`` is imported when it is asked for: ``handoff check`` starts fast."""
    if name != "try_model":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    # By name: the root stands below all layers.
    found: object = import_module("handoff_ext.serve.panel").try_model
    return found
