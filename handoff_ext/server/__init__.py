"""The Jupyter Server extension: REST for the sidebar. Parse, call one function of the library, answer."""

from __future__ import annotations


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    from handoff_ext.server.app import HandoffApp

    return [{"module": "handoff_ext.server", "app": HandoffApp}]
