"""The source notebook as it travels: code, prose and tags, without outputs, counts and what editors leave."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_CELL, _NOTEBOOK = ("tags", "handoff"), ("kernelspec", "language_info")


def stripped(path: Path) -> str:
    """The notebook's JSON without outputs and execution counts, and without metadata but tags and kernel."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"] = _only(notebook.get("metadata", {}), _NOTEBOOK)
    for cell in notebook.get("cells", ()):
        cell["metadata"] = _only(cell.get("metadata", {}), _CELL)
        cell.pop("attachments", None)
        if cell.get("cell_type") == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _only(metadata: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: metadata[name] for name in names if name in metadata}
