"""When a stage need not be repeated: its code, parameters, kernel and all that it read and wrote are as they were."""

from __future__ import annotations

import ast
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from handoff_ext.cells.python import parse_cell
from handoff_ext.cells.read import read_notebook
from handoff_ext.contracts.pipeline import Stage
from handoff_ext.run.captures import capture_stages, pieces
from handoff_ext.run.context import Context
from handoff_ext.run.environment import Facts
from handoff_ext.run.signatures import signatures, unchanged
from handoff_ext.run.state import StageState, read_state

_SYSTEM = ("/proc", "/sys", "/dev", "/usr", "/lib", "/etc")
_SETTINGS = (".cache", ".config", ".ipython", ".jupyter", ".local")


def key_of(run: Context, stage: Stage) -> str:
    """Everything about a stage that is known before it runs."""
    notebook = read_notebook(run.place.folder / stage.notebook)
    ours = [piece.model_dump_json() for piece in run.manifest.metrics if piece.stage == stage.name]
    parts = {
        "cells": [[cell.source, sorted(cell.tags)] for cell in notebook.code],
        "given": {name: run.given[name] for name in sorted(run.given) if name in {*stage.parameters, "run_dir"}},
        "kernel": run.command,
        "variables": sorted(run.variables),
        "metrics": ours,
        "pieces": [repr(piece) for piece in pieces(run.manifest) if piece.stage == stage.name],
        "methods": run.manifest.model.methods if run.manifest.model else [],
        "ours": _ours(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def still_good(run: Context, stage: Stage, key: str) -> StageState | None:
    """The state of the stage's last run, where repeating it would give the same."""
    state = read_state(run.place, stage.name)
    if run.force or state is None or state.key != key or state.opaque:
        return None
    needed = capture_stages(run.manifest)
    if stage.name in needed and any(one in needed and found.status == "ok" for one, found in run.runs.items()):
        return None  # A part of the capture is new: the whole has to be put together again.
    return state if unchanged(state.files) else None


def seen(run: Context, stage: Stage, facts: Facts, state: StageState) -> None:
    """Keep in ``state`` what the stage depends on and what it left, as it is now."""
    notes = facts["notes"]
    if notes is None:
        return
    state.opaque = ", ".join(notes["reached"])
    own = {*_opened(run, notes["opened"], facts), *_mentioned(run, stage), *_modules(run, facts)}
    own |= {run.place.bundle(giver, stage.name) for giver in stage.after}
    own |= {run.place.bundle(stage.name, reader) for reader in stage.writes}
    own |= {run.place.model / f"{piece.name}.pkl" for piece in pieces(run.manifest) if piece.stage == stage.name}
    own.add(run.place.executed(stage))
    listed = {Path(path) for path in notes["listed"]}
    installed = {Path(entry) for entry in facts["path"] if entry.endswith("-packages")}
    listed = {path for path in listed if _counts(run, path, facts)} | installed
    state.files = signatures(own, listed - own)


def _opened(run: Context, opened: list[str], facts: Facts) -> Iterator[Path]:
    for name in opened:
        path = Path(os.path.normpath(name))
        # A file that is gone was a temporary one, or it would matter if it came to be.
        if path.suffix != ".pyc" and _counts(run, path, facts) and (path.exists() or run.place.folder in path.parents):
            yield path


def _counts(run: Context, path: Path, facts: Facts) -> bool:
    """Whether a file belongs to the work: not to Python, the system, the user's settings or our own records."""
    place = run.place
    own = ("state", "model", "executed", "map", "run.json")
    records = (place.folder / "evidence", *(place.run_dir / name for name in own))
    if any(path.is_relative_to(record) for record in records):
        return False
    if path.is_relative_to(place.folder) or path.is_relative_to(place.run_dir):
        return True
    outside = [*facts["prefixes"], *_SYSTEM, *(Path.home() / name for name in _SETTINGS)]
    packages = any(part.endswith("-packages") for part in path.parts)
    return not packages and not any(path.is_relative_to(one) for one in outside)


def _modules(run: Context, facts: Facts) -> Iterator[Path]:
    """Files of modules that are not installed: the pipeline's own, and projects that are installed for editing."""
    for files in facts["modules"].values():
        for file in files:
            path = Path(file)
            if path.suffix == ".py" and not path.is_relative_to(facts["stdlib"]) and _counts(run, path, facts):
                yield path


def _mentioned(run: Context, stage: Stage) -> Iterator[Path]:
    """Files and folders that the stage's code or parameters name: libraries may open them out of Python's sight."""
    names = {
        str(run.values[p.name]) for p in run.manifest.parameters if p.name in stage.parameters and p.type == "path"
    }
    for cell in read_notebook(run.place.folder / stage.notebook).code:
        tree = parse_cell(cell.source).tree
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) < 500:
                names.add(node.value)
    for name in names:
        path = Path(os.path.normpath(run.place.folder / Path(name).expanduser())) if "\0" not in name else None
        if path is None or any(one.is_relative_to(path) for one in (run.place.folder, run.place.run_dir)):
            continue  # Where the run itself writes.
        try:
            there = path.exists() and run.place.run_dir not in path.parents
        except OSError:
            continue
        if there:
            yield path


def _ours() -> str:
    """What of this program has a say in a stage's results."""
    whole = hashlib.sha256()
    for script in ("capture", "probe", "trace"):
        whole.update((Path(__file__).parent / "inside" / f"{script}.py").read_bytes())
    return whole.hexdigest()
