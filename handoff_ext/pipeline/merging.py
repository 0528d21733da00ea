"""Three-way merge of a pipeline's files: the last extraction, what a person made of it, the new extraction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from handoff_ext.cells.write import notebook_text
from handoff_ext.contracts.errors import HandoffError

Files = Mapping[str, str]


def merge_files(base: Files, mine: Files, new: Files) -> dict[str, str]:
    """The files to be in the folder: new ones, with the edits that a person made since the last extraction.

    ``base`` holds the last extraction's files, ``mine`` those of the same names as they are now. Raises
    ``HandoffError``, naming all of them, where an edit and a change of the notebook fall on the same place.
    """
    merged: dict[str, str] = {}
    conflicts: list[str] = []
    for path, text in new.items():
        before, now = base.get(path), mine.get(path)
        if now is None or now in (before, text):
            merged[path] = text
        elif before == text:
            merged[path] = now
        else:
            found = _merge(path, before, now, text)
            if found is None:
                conflicts.append(path)
            else:
                merged[path] = found
    for path, before in base.items():
        if path not in new and mine.get(path) not in (None, before):
            conflicts.append(path)
    if conflicts:
        raise HandoffError(
            f"You edited {', '.join(sorted(conflicts))}, and the notebook now gives something else at the same place.",
            "Nothing was written. Put the file from .base/ back, or make your edit in the notebook, and extract again.",
        )
    return merged


def _merge(path: str, before: str | None, now: str, text: str) -> str | None:
    """One file, or None where edit and change fall on the same place."""
    if before is None:
        return None
    if path.endswith(".ipynb"):
        return _merge_notebooks(before, now, text)
    joined = _merge_notebooks(*(_wrapped(each) for each in (before, now, text)))
    return None if joined is None else "".join(json.loads(joined)["cells"][0]["source"])


def _merge_notebooks(before: str, now: str, text: str) -> str | None:
    import nbformat
    from nbdime.merging.decisions import apply_decisions
    from nbdime.merging.notebooks import decide_notebook_merge

    try:
        base, mine, new = (
            nbformat.from_dict(_lines_joined(json.loads(each)))  # type: ignore[no-untyped-call]
            for each in (before, now, text)
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    decisions = decide_notebook_merge(base, mine, new)
    if any(decision.conflict for decision in decisions):
        return None
    return notebook_text(_lines_split(json.loads(json.dumps(apply_decisions(base, decisions)))))


def _wrapped(text: str) -> str:
    """A text as a notebook of one raw cell, so that it is merged line by line like a cell's source."""
    cell = {"cell_type": "raw", "id": "text", "metadata": {}, "source": text}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _lines_joined(raw: dict[str, Any]) -> dict[str, Any]:
    cells = []
    for cell in raw["cells"]:
        source = cell.get("source", "")
        made = {**cell, "source": "".join(source) if isinstance(source, list) else source}
        if made.get("cell_type") == "code":
            # a person may have run it: neither outputs nor counts are edits
            made |= {"outputs": [], "execution_count": None}
        cells.append(made)
    return {**raw, "cells": cells}


def _lines_split(raw: dict[str, Any]) -> dict[str, Any]:
    return {**raw, "cells": [{**cell, "source": cell["source"].splitlines(keepends=True)} for cell in raw["cells"]]}
