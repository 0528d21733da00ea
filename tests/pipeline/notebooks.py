"""Notebooks written as text, for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write_notebook_of(text: str, path: Path) -> Path:
    """A notebook from text: cells begin with ``%% tag tag`` or, for markdown, ``%% md tag``; ``%% -`` has no tag."""
    cells: list[dict[str, Any]] = []
    for part in ("\n" + text.strip("\n")).split("\n%% ")[1:]:
        head, _, source = part.partition("\n")
        words = head.split()
        tags = [word for word in words if word not in ("md", "-")]
        cell: dict[str, Any] = {"cell_type": "markdown" if "md" in words else "code", "id": f"c{len(cells)}"}
        cell["metadata"] = {"tags": tags} if tags else {}
        if "md" not in words:
            cell |= {"execution_count": None, "outputs": []}
        cells.append({**cell, "source": source.strip("\n").splitlines(keepends=True)})
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    raw = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(raw, indent=1))
    return path
