"""Says in which line of which cell of the notebook a version failed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def where(error: Mapping[str, Any], at: str, folder: Path) -> str:
    """One sentence: what happened, where in the notebook or the version's code, what to do next.

    Args:
        error: as ``inside/predicts.py`` describes it.
        at: what was being done.
        folder: the version's files; its ``notebook.ipynb`` is searched for the line.
    """
    place = ""
    if error.get("source"):
        cell = _cell(folder / "notebook.ipynb", str(error["source"]))
        place = f" in cell {cell[0]}, line {cell[1]}" if cell else f" in {error['file']}, line {error['line']}"
    if error["kind"] == "ModuleNotFoundError":
        return f"While {at}{place}: the module {error.get('module')} is not in the exact package list. Lock again."
    if error["kind"] == "FileNotFoundError":
        return f"While {at}{place}: a file that is only on the author's computer is read. Make it part of the model."
    return f"While {at}{place}: {error['kind']}: {error['said']}"[:400]


def _cell(notebook: Path, line: str) -> tuple[int, int] | None:
    """Number of the cell (from 1) and of the line in it."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return None
    for index, cell in enumerate(cells):
        if cell.get("cell_type") == "code":
            source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
            for number, text in enumerate(source.splitlines()):
                if text.strip() == line.strip():
                    return index + 1, number + 1
    return None
