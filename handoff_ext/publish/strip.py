"""The source notebook as it travels: code, prose and tags, without outputs, counts and what editors leave."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from handoff_ext.cells.read import read_raw

_CELL, _NOTEBOOK = ("tags", "handoff"), ("kernelspec", "language_info")


def stripped(path: Path) -> str:
    """The JSON of a notebook file without outputs. Raises ``UnreadableNotebook``."""
    return json.dumps(without_outputs(read_raw(path)), indent=1, ensure_ascii=False) + "\n"


def without_outputs(notebook: dict[str, Any]) -> dict[str, Any]:
    """A notebook (nbformat 4) without outputs, counts and attachments, and without metadata but tags and kernel."""
    cells = []
    for cell in notebook.get("cells", ()):
        kept = {name: value for name, value in cell.items() if name != "attachments"}
        if isinstance(kept.get("source"), list):
            kept["source"] = "".join(kept["source"])
        kept["metadata"] = _only(cell.get("metadata", {}), _CELL)
        if cell.get("cell_type") == "code":
            kept["outputs"], kept["execution_count"] = [], None
        cells.append(kept)
    return {**notebook, "metadata": _only(notebook.get("metadata", {}), _NOTEBOOK), "cells": cells}


def _only(metadata: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: metadata[name] for name in names if name in metadata}
