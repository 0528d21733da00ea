"""A relative path of data that does not come with the notebook.

## What
A data file read by a relative path that leads out of the project or to a file that is not there, in a notebook
without a
manifest (a `.dvc` file beside it, or `data.yaml`). Files that the notebook itself writes are not meant.

## Why
Who receives the notebook receives no such file, and nothing says where it comes from.

## Example
    rows = pd.read_csv("../../raw/rows.csv")

## Use instead
    ROWS_CSV = "data/rows.csv"  # in the cell tagged `parameters`; the plan says where the data is from
    rows = pd.read_csv(ROWS_CSV)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.paths import fix_path
from handoff_ext.checks.paths.hits import path_hit
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each relative path that is read and neither lies in the project nor is written here."""
    written = {_plain(each.use.text) for each in notebook.paths if each.use.action == "write"}
    unpacked: int | None = None
    for placed in notebook.paths:
        use = placed.use
        if use.kind != "relative" or use.action != "read" or _plain(use.text) in written:
            continue
        if unpacked is None:
            unpacked = next(
                (cell.index for cell, facts in notebook.code if _unpacks(facts.source)), len(notebook.facts)
            )
        if unpacked < placed.cell.index or _may_be_made(use.text, placed.cell.index, notebook):
            continue
        if notebook.parameters is not None and placed.cell.index == notebook.parameters.index:
            continue
        outside = _leads_out(use.text, notebook.folder)
        if outside or not _is_there(use.text, notebook.folder):
            message = "`{path}` leads out of the project." if outside else "`{path}` does not come with the notebook."
            yield path_hit(placed, message + " Say in a manifest where the data is from.")


def _plain(text: str) -> str:
    return text.replace("\\", "/").removeprefix("./")


_MAKES = re.compile(r"\w*(?:download|retrieve|write|save|dump|export|extract|unpack|copy|move|get_file|to_)\w*")


_UNPACKS = re.compile(r"unzip|extractall|unpack_archive|\btar\s+-?x|kaggle\s+(?:datasets|competitions)\s+download")


_WORDS = ("unzip", "extractall", "unpack_archive", "kaggle", "tar ", "tar\t")
"""Without one of these none of those is there."""


def _unpacks(source: str) -> bool:
    return any(word in source for word in _WORDS) and bool(_UNPACKS.search(source))


def _may_be_made(text: str, cell: int, notebook: NotebookFacts) -> bool:
    """Whether the notebook may make the file itself: a magic that names it, a call that downloads or copies it."""
    name = re.split(r"[\\/]", text)[-1]
    for other, facts in notebook.code:
        if other.index > cell:
            break
        if name not in facts.source:
            continue
        if any(name in magic.text for magic in facts.parsed.magics):
            return True
        for call in facts.walked.calls:
            if _MAKES.fullmatch(call.name.rpartition(".")[2]):
                given = [*call.node.args, *(each.value for each in call.node.keywords)]
                texts = [each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)]
                if any(each.endswith(name) for each in texts):
                    return True
    return False


def _leads_out(text: str, folder: Path | None) -> bool:
    plain = text.replace("\\", "/")
    if not plain.startswith("../"):
        return False
    if folder is None:
        return True
    try:
        target, here = (folder / plain).resolve(), folder.resolve()
    except (OSError, RuntimeError, ValueError):
        return True
    for root in (here, *here.parents):
        if (root / ".git").exists() or (root / "pyproject.toml").exists():
            return not target.is_relative_to(root)
    return not target.exists()


def _is_there(text: str, folder: Path | None) -> bool:
    if folder is None:
        return False
    plain = re.sub(r"[*?\[].*", "", text.replace("\\", "/"))
    try:
        if (folder / plain).exists() or (folder / f"{plain}.dvc").exists():
            return True
    except (OSError, ValueError):
        return False
    return (folder / "data.yaml").exists()


RULE = Rule(
    code="PATH004",
    name="relative-data-path",
    severity="info",
    why="Who receives the notebook receives no such file, and nothing says where it comes from.",
    notebook=check,
    fix=fix_path,
)
