"""The paths of a whole notebook: told once each, with what would take their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handoff_ext.cells.model import Cell
from handoff_ext.checks.facts.text import HOLE, Parts, Ref
from handoff_ext.checks.paths.locate import differs, locate
from handoff_ext.checks.paths.uses import PathUse, path_of

if TYPE_CHECKING:
    from handoff_ext.checks.facts.cell import CellFacts
    from handoff_ext.checks.facts.notebook import NotebookFacts


@dataclass(frozen=True, slots=True)
class PlacedPath:
    """A path in its cell. ``key`` is what becomes the parameter: the file, or the folder in front of the first hole.

    ``default`` is that parameter's default, ``safe`` whether the notebook then computes the same as before.
    """

    cell: Cell
    use: PathUse
    key: str
    default: str | None
    safe: bool
    fixable: bool
    folder: bool

    @property
    def whole(self) -> bool:
        """Whether the parameter takes the place of the whole expression."""
        return self.key == self.use.text


def placed_paths(notebook: NotebookFacts) -> Iterator[PlacedPath]:
    """All paths, those left out that begin with a constant that is told itself."""
    found = [(cell, use) for cell, facts in notebook.code for use in facts.paths if not _holds_secret(facts, use)]
    told = {
        use.use.around.name for _, use in found if use.use and use.kind != "relative" and use.use.around.role == "value"
    }
    for cell, facts, text_use, text in notebook.joined:
        if not any(use.use is text_use for _, use in found):
            use = path_of(text_use, text, facts)
            if use:
                found.append((cell, use))
    found.sort(key=lambda each: (each[0].index, each[1].spot.line, each[1].spot.column))
    written: set[str] = set()
    for cell, use in found:
        if use.action == "write" and not _is_read_before(use, found):
            written.add(_plain(use.text))
        if use.use and any(part.name in told for part in use.use.parts if type(part) is Ref):
            continue
        yield _placed(notebook, cell, use, written)


def _holds_secret(facts: CellFacts, use: PathUse) -> bool:
    """A URL with a password is told as such; what is left of it can be told when that is gone."""
    return use.kind == "private" and any(each.use is not None and each.use is use.use for each in facts.secrets)


def _is_read_before(use: PathUse, found: list[tuple[Cell, PathUse]]) -> bool:
    """Whether the file must be there before the notebook writes it."""
    for _, other in found:
        if other is use:
            return False
        if other.action != "write" and _plain(other.text) == _plain(use.text):
            return True
    return False


def _plain(text: str) -> str:
    return text.replace("\\", "/").removeprefix("./")


def _placed(notebook: NotebookFacts, cell: Cell, use: PathUse, written: set[str]) -> PlacedPath:
    key, folder = _key(use)
    if not key:
        return PlacedPath(cell, use, "", None, False, False, folder)
    if use.kind == "private":
        return PlacedPath(cell, use, key, key, True, use.use is not None and use.exact, folder)
    default: str | None = None
    safe = False
    if notebook.folder is not None:
        default = locate(key, notebook.folder, notebook.bases) if _last(key) not in _OURS else None
        safe = default is not None and not differs(key, default, notebook.folder)
    made_here = _plain(key) in written or (folder and use.action == "write")
    if default is None and made_here and use.kind != "relative":
        default, safe = ("." if folder else _last(key)), True
    if use.kind == "relative":  # a parameter with the same default: nothing changes, others can name their file
        fixable = use.action == "read" and use.exact and _replaceable(use, key)
        return PlacedPath(cell, use, key, key, False, fixable, folder)
    return PlacedPath(cell, use, key, default, safe, _replaceable(use, key), folder)


_OURS = frozenset({"requirements.txt", ".env.example"})
"""What fixes write beside a notebook: not the file of that name which was meant."""


def _last(path: str) -> str:
    return re.split(r"[\\/]", path.rstrip("\\/"))[-1]


def _key(use: PathUse) -> tuple[str, bool]:
    """The part that depends on the computer: all of it, or the folder before the first hole."""
    if _is_literal(use):
        last = re.split(r"[\\/]", use.text.rstrip("\\/"))[-1]
        return ("" if use.text in ("~", "~/", "/") else use.text), "." not in last
    head = use.text.partition(HOLE)[0]
    if use.use is not None:
        head = head[: max(0, len(_opening(use.use.parts)) - _skipped(use))]
    cut = max(head.rfind("/"), head.rfind("\\"))
    base = head[:cut]
    return (base if len(re.findall(r"[\\/]", base)) and len(base) > 3 else ""), True


def _is_literal(use: PathUse) -> bool:
    return use.exact and (use.use is None or all(type(part) is str for part in use.use.parts))


def _opening(parts: Parts) -> str:
    """The text before the first name or hole."""
    opening = ""
    for part in parts:
        if type(part) is not str:
            break
        opening += part.partition(HOLE)[0]
        if HOLE in part:
            break
    return opening


def _skipped(use: PathUse) -> int:
    """Characters of a scheme (``sqlite:///``) in front of the path."""
    assert use.use is not None
    first = use.use.parts[0]
    at = first.find(use.text[:3]) if type(first) is str else 0
    return max(at, 0)


def _replaceable(use: PathUse, key: str) -> bool:
    if use.use is None:
        return use.magic in ("!", "cd", "run", "load", "pushd", "ls") and use.exact
    first = use.use.parts[0]
    if use.action == "run" or type(first) is not str:
        return False
    return key == use.text or first[_skipped(use) :].startswith(key)
