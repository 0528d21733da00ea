"""Apply the safe fixes to notebooks on disk, or show what they would change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from handoff_ext.cells.edit import apply_change
from handoff_ext.cells.read import UnreadableNotebook, from_json, read_raw
from handoff_ext.cells.write import write_notebook
from handoff_ext.checks.fixing.difference import difference
from handoff_ext.checks.fixing.fix import files_with, fix
from handoff_ext.checks.settings import Settings, settings_for
from handoff_ext.checks.walk import merged, notebooks
from handoff_ext.contracts.finding import Unreadable
from handoff_ext.contracts.words import count


@dataclass(frozen=True, slots=True)
class Said:
    """What was done, a line each, and the change as a diff in which no secret is whole."""

    lines: tuple[str, ...]
    diff: str


def fix_files(paths: Iterable[Path], settings: Settings, write: bool) -> Said:
    """Take all safe fixes in these notebooks and those below these folders; without ``write`` only show them.

    Files beside a notebook (``.env.example``) get their new lines first, so that nothing is lost where writing stops.
    What cannot be read is passed over: the check that follows names it.

    Raises:
        HandoffError: a named path does not exist, or a file cannot be written.
    """
    lines: list[str] = []
    diffs: list[str] = []
    known: dict[Path, Settings] = {}
    unreadable: list[Unreadable] = []
    for path in notebooks(paths, unreadable):
        try:
            raw = read_raw(path)
            notebook = from_json(str(path), raw)
        except UnreadableNotebook:
            continue
        fixed = fix(notebook, None, merged(settings_for(path, known), settings))
        if not fixed.change.keys:
            continue
        shown = difference(notebook, fixed.change, fixed.secrets)
        diffs.append(f"--- {path}\n+++ {path}\n{shown}")
        if write:
            for beside, text in files_with(path.parent, fixed.change.files).items():
                beside.write_text(text, encoding="utf-8")
            write_notebook(path, apply_change(raw, fixed.change))
        lines.append(f"{path}: {count(len(fixed.change.keys), 'problem')} {'fixed' if write else 'can be fixed'}.")
        lines += [f"{path}: {advice}" for advice in fixed.advice]
    return Said(tuple(lines), "".join(diffs))
