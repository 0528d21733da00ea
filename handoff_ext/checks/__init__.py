"""Rules, one a file; the engine that runs them; fixes; output formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handoff_ext.checks.engine import Checker, check_notebook
    from handoff_ext.checks.fixing.fix import Fixed, fix
    from handoff_ext.checks.settings import Settings, settings_for
    from handoff_ext.checks.training import trains_model
    from handoff_ext.checks.walk import check_paths

__all__ = ["Checker", "Fixed", "Settings", "check_notebook", "check_paths", "fix", "settings_for", "trains_model"]

_HOMES = {
    "Checker": "engine",
    "check_notebook": "engine",
    "Fixed": "fixing.fix",
    "fix": "fixing.fix",
    "Settings": "settings",
    "settings_for": "settings",
    "trains_model": "training",
    "check_paths": "walk",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"handoff_ext.checks.{_HOMES[name]}"), name)
