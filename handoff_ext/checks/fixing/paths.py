"""A path becomes a parameter, with the same file beside the notebook as its default."""

from __future__ import annotations

import ast
import re

from handoff_ext.checks.facts.text import HOLE, dotted
from handoff_ext.checks.fixing.draft import Draft, Overlap
from handoff_ext.checks.fixing.literals import Literal, literals
from handoff_ext.checks.paths.placed import PlacedPath
from handoff_ext.checks.rule import Hit

_PATH_CALLS = frozenset({"Path", "PurePath", "PosixPath", "WindowsPath", "PureWindowsPath", "PurePosixPath"})


def fix_path(draft: Draft, cell_index: int, hit: Hit) -> None:
    """Name the path in the parameters' cell and use that name here.

    Raises ``Overlap`` where the place cannot be edited on its own.
    """
    placed = hit.subject
    assert isinstance(placed, PlacedPath)
    parameters = draft.notebook.parameters
    if parameters is not None and parameters.index == cell_index:
        _new_default(draft, cell_index, placed)
        return
    edit = _edit(draft, cell_index, placed)
    if edit is None:
        raise Overlap
    start, end, template = edit
    if any(start < each.end and each.start < end for each in draft.edits.get(cell_index, [])):
        raise Overlap
    name = draft.parameters.add(placed.key, placed.default, placed.folder, cell_index)
    if name is None:
        raise Overlap
    draft.replace(cell_index, start, end, template.replace(HOLE, name))
    if placed.default is None:
        draft.advise(
            f"{name} has no default: pass the path when the notebook or pipeline runs, or put the file beside it."
        )


def _new_default(draft: Draft, cell_index: int, placed: PlacedPath) -> None:
    """In the parameters' cell only the default changes."""
    if placed.default is None or placed.use.use is None or not placed.use.exact:
        raise Overlap
    draft.replace(cell_index, *draft.span(cell_index, placed.use.spot), repr(placed.default).replace("'", '"'))


def _edit(draft: Draft, cell_index: int, placed: PlacedPath) -> tuple[int, int, str] | None:
    """Offsets and new text, with a hole for the parameter's name."""
    use = placed.use
    if use.use is None:
        source = draft.facts(cell_index).source
        quoted = use.start > 0 and source[use.start - 1] in "'\""
        plain = quoted or "\\ " not in source[use.start : use.end]
        return use.start, use.end, f"{{{HOLE}}}" if plain else f'"{{{HOLE}}}"'
    node = use.use.node
    start, end = draft.span(cell_index, use.spot)
    if placed.whole:
        whole = draft.facts(cell_index).source[start:end]
        scheme = _scheme(node, whole, use.text)
        if scheme:
            return start, end, f'f"{scheme}{{{HOLE}}}"'
        call = _path_call(node)
        return start, end, f"{call}({HOLE})" if call else HOLE
    return _head(draft, cell_index, placed, node)


def _scheme(node: ast.expr, written: str, text: str) -> str:
    """``sqlite:///`` in front of the path stays where it is."""
    if type(node) is not ast.Constant or type(node.value) is not str:
        return ""
    scheme = node.value[: len(node.value) - len(text)]
    return (
        scheme
        if scheme and node.value.endswith(text) and written.rstrip("'\"").endswith(text) and "{" not in scheme
        else ""
    )


def _path_call(node: ast.expr) -> str:
    """How the code writes ``Path`` where the expression makes a path object, else nothing."""
    for each in ast.walk(node):
        if type(each) is ast.Call:
            name = dotted(each.func)
            owner, _, last = name.rpartition(".")
            if last in _PATH_CALLS:
                return name
            if last == "home" and owner.rpartition(".")[2] == "Path":
                return owner
    return ""


def _head(draft: Draft, cell_index: int, placed: PlacedPath, node: ast.expr) -> tuple[int, int, str] | None:
    """Replace the folder at the beginning, keep what follows."""
    first = next(iter(literals(draft, cell_index, node)), None)
    if first is None or first.value is None or not first.value.startswith(placed.key):
        return None
    written = placed.key if first.body.startswith(placed.key) else placed.key.replace("\\", "\\\\")
    if not first.body.startswith(written):
        return None
    rest = first.body[len(written) :]
    follows = rest.replace("\\\\", "\\")
    if (re.search(r"\\", follows[1:]) and ":" in placed.key) or (not follows and type(first.node) is ast.JoinedStr):
        return None
    if follows[:1] == "\\":
        rest = "/" + rest[2 if rest.startswith("\\\\") else 1 :]
    if type(first.node) is ast.JoinedStr:
        return first.start, first.end, f"{first.prefix}{first.quote}{{{HOLE}}}{rest}{first.quote}"
    return first.start, first.end, _beside(first, rest, node)


def _beside(first: Literal, rest: str, node: ast.expr) -> str:
    if rest in ("", "/") and (type(node) is ast.Call or (type(node) is ast.BinOp and type(node.op) is ast.Div)):
        return HOLE
    if not rest:
        return HOLE
    text = f"{HOLE} + {first.prefix}{first.quote}{rest}{first.quote}"
    sum_ = type(node) is ast.BinOp and type(node.op) is ast.Add and _leftmost(node) is first.node
    return text if sum_ else f"({text})"


def _leftmost(node: ast.expr) -> ast.expr:
    while type(node) is ast.BinOp and type(node.op) is ast.Add:
        node = node.left
    return node
