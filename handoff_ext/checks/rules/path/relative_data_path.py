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
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.paths import fix_path
from handoff_ext.checks.paths.hits import path_hit
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each relative path that is read and neither lies in the project nor is written here."""
    written = {_plain(each.use.text) for each in notebook.paths if each.use.action == "write"}
    unpacked: int | None = None
    makers: dict[str, int] = {}
    for placed in notebook.paths:
        use = placed.use
        if use.kind != "relative" or use.action != "read" or _plain(use.text) in written:
            continue
        if unpacked is None:
            unpacked = next(
                (cell.index for cell, facts in notebook.code if _unpacks(facts.source)), len(notebook.facts)
            )
        if unpacked < placed.cell.index or _comes_in(use.text, placed.cell.index, notebook):
            continue
        name = re.split(r"[\\/]", use.text)[-1]
        if name not in makers:
            makers[name] = _maker(name, notebook)
        if makers[name] <= placed.cell.index:
            continue
        if unpacked == placed.cell.index and _unpacks("\n".join(notebook.facts[unpacked].lines[: use.spot.line - 1])):
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


def _comes_in(text: str, cell: int, notebook: NotebookFacts) -> bool:
    """Whether a command above copies to or downloads into a folder that holds the file."""
    return any(
        _fills(magic.text, text, notebook.constants)
        for other, facts in notebook.code
        if other.index <= cell
        for magic in facts.parsed.magics
    )


def _maker(name: str, notebook: NotebookFacts) -> int:
    """The first cell that may make a file of this name: a magic that names it, a call that downloads or copies it.
    Past the last cell where none does."""
    keys = [key for key, value in notebook.constants.items() if name in value]
    for other, facts in notebook.code:
        if name not in facts.source and not any(key in facts.source for key in keys):
            continue
        if any(name in magic.text or magic.name in ("writefile", "file") for magic in facts.parsed.magics):
            return other.index  # a script that names it may write it
        for call in facts.walked.calls:
            last = call.name.rpartition(".")[2]
            opens = _opened(call.node) if last == "open" else []
            makes = bool(opens) or _says(_MAKES, last)
            if not makes and ("." in call.name or _says(_READS, last)):
                continue
            given = [*call.node.args, *(each.value for each in call.node.keywords), *opens]
            if any(_written_out(each, notebook.constants).endswith(name) for each in given) and (
                makes or _is_own(call.name, notebook)
            ):
                return other.index
    return len(notebook.facts)


def _is_own(name: str, notebook: NotebookFacts) -> bool:
    """Whether the notebook defines a function, a lambda or a class of this name."""
    if not name.isidentifier():
        return False
    ways = (f"def {name}", f"class {name}", f"{name} = lambda", f"{name}=lambda")
    defined = re.compile(rf"\b(?:def|class) {name}\b|\b{name} ?= ?lambda\b")
    return any(
        any(way in facts.source for way in ways) and defined.search(facts.source) is not None
        for _, facts in notebook.code
        if name in facts.source
    )


_READS = re.compile(r"_*(?:load|read|open|get|parse|import|show|plot|check|fetch)\w*")


@lru_cache(maxsize=4096)
def _says(pattern: re.Pattern[str], verb: str) -> bool:
    return pattern.fullmatch(verb) is not None


def _written_out(node: ast.expr, constants: Mapping[str, str]) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return constants.get(node.id, "") if isinstance(node, ast.Name) else ""


def _opened(call: ast.Call) -> list[ast.expr]:
    """What ``Path(...)`` is given where ``Path(...).open("w")`` writes to it."""
    mode = call.args[0] if call.args else None
    writes = isinstance(mode, ast.Constant) and isinstance(mode.value, str) and mode.value[:1] in ("w", "a", "x")
    function = call.func
    if not writes or not isinstance(function, ast.Attribute) or function.attr != "open":
        return []
    return function.value.args if isinstance(function.value, ast.Call) else []


def _fills(command: str, text: str, constants: Mapping[str, str]) -> bool:
    """Whether a command copies to or downloads into a folder that holds the file."""
    if not _COPIES.search(command):
        return False
    folders = [_plain(constants.get(name, "")) for name in re.findall(r"\{(\w+)\}", command)]
    folders += [_plain(word) for word in command.split() if word.endswith("/")]
    return any(each and _plain(text).startswith(each.rstrip("/") + "/") for each in folders)


_COPIES = re.compile(r"\b(?:cp|copy|sync|download|wget|curl|get|mv|clone|tar|unzip)\b")


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
