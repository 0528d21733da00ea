"""Results written to one computer's path.

## What
A file written below an absolute, home or platform path: `to_csv`, `savefig`, `dump`, `open(..., "w")` and the like; or
into a folder that neither comes with the notebook nor is made by it.

## Why
The folder does not exist elsewhere, so the notebook fails after the work is done, and a pipeline cannot collect its
results.

## Example
    scores.to_csv("/home/joe/results/scores.csv")

## Use instead
    SCORES_CSV = "scores.csv"  # in the cell tagged `parameters`
    scores.to_csv(SCORES_CSV)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.paths import fix_path
from handoff_ext.checks.paths.hits import path_hit
from handoff_ext.checks.rule import Hit, Rule

_MESSAGE = "Results go to `{path}`, which other computers don't have. Make it a parameter."


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each path that is written to and bound to a computer."""
    makes: bool | None = None
    for placed in notebook.paths:
        use = placed.use
        if use.action != "write" or use.kind == "private":
            continue
        if use.kind != "relative":
            yield path_hit(placed, _MESSAGE, "warning" if use.kind in ("temporary", "platform") else None)
        elif _is_missing(use.text, notebook):
            makes = _makes_folders(notebook.text) if makes is None else makes
            if not makes:
                yield path_hit(placed, "Results go to `{path}`, a folder that nothing makes. Make it first.", "info")


_MAKES = re.compile(r"makedirs|mkdir|\bcopytree|git clone|extractall|unzip|unpack_archive|\btar ")


_WORDS = ("makedirs", "mkdir", "copytree", "git clone", "extractall", "unzip", "unpack_archive", "tar ")
"""Without one of these none of those is there."""


def _makes_folders(text: str) -> bool:
    return any(word in text for word in _WORDS) and bool(_MAKES.search(text))


def _is_missing(text: str, notebook: NotebookFacts) -> bool:
    """Whether the file's folder is not there."""
    folder = text.replace("\\", "/").removeprefix("./").rpartition("/")[0]
    if not folder or folder.startswith("..") or notebook.folder is None:
        return False
    return not (notebook.folder / folder).exists()


RULE = Rule(
    code="PATH005",
    name="output-path",
    severity="error",
    why="Other computers don't have this folder: the results are lost after the work is done.",
    notebook=check,
    fix=fix_path,
)
