"""A plan as plain data, for rules: read only where the file exists, and never the reason that a check fails."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def read_plan_file(file: Path) -> Mapping[str, Any] | None:
    """The plan's answers, or None where there is no such file or it is not YAML (``handoff publish`` says what is
    wrong)."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        plan = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError):
        return None
    return plan if isinstance(plan, Mapping) else None
