"""Paths written into the code, found where they name what is read or written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from handoff_ext.dataflow.known import READING_FUNCTIONS, READING_METHODS, WRITING_FUNCTIONS, WRITING_METHODS
from handoff_ext.dataflow.sharing import dotted

Use = Literal["read", "write", "folder"]

_FIRST = ("filepath_or_buffer", "filepath", "filename", "file", "path", "io", "fname", "fp", "database", "pathname")
_PATH_CALLS = frozenset({"pathlib.Path", "pathlib.PurePath", "os.path.join"})
_SECOND = frozenset({"joblib.dump", "urllib.request.urlretrieve", "shutil.copy", "shutil.copyfile", "shutil.move"})
"""Functions that write to their second argument."""
_PICTURES = frozenset({"savefig", "write_html", "write_image", "imsave"})
_NOT_ARGUMENT = frozenset({"mkdir", "unlink", "extractall", "dump", "to_sql", "touch", "write_text", "write_bytes"})
"""Methods that write, but not to where their first argument says."""
_NOT_PATHS = frozenset(
    {"matplotlib.pyplot.style.use", "os.chdir", "os.makedirs", "os.mkdir", "os.path.exists", "os.system"}
)
_DATA = re.compile(
    r"[^\n\r\t<>|\"?]+\.(csv|tsv|txt|xlsx?|json|jsonl|parquet|feather|pkl|pickle|joblib|sav|h5|hdf5|npz|npy|sqlite3?|db|zip|gz"
    r"|dat|data|arff|dta|sas7bdat|xml|ya?ml|mat|rds|orc|avro|bz2|xz|tar|ftr|jpe?g|png)\Z",
    re.I,
)
_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.I)
_ABSOLUTE = re.compile(r"(/|~|[A-Za-z]:[\\/]|\\\\)")


@dataclass(frozen=True, slots=True)
class PathLiteral:
    """A path in a cell's Python. ``node`` is the constant; ``whole`` is false inside an f-string or a sum of texts."""

    node: ast.Constant
    text: str
    use: Use
    whole: bool = True
    inside: ast.JoinedStr | None = None


def is_url(text: str) -> bool:
    """Whether the text is an address rather than a path."""
    return bool(_URL.match(text))


def is_absolute(text: str) -> bool:
    """Whether the path means something on one computer only."""
    return bool(_ABSOLUTE.match(text))


def looks_like_data(text: str) -> bool:
    """Whether a text on its own looks like the name of a data file."""
    return (len(text) < 300 and bool(_DATA.fullmatch(text)) and not text.startswith(".")) or is_url(text)


@dataclass(frozen=True, slots=True)
class PathNames:
    """Names whose values are paths, or the beginnings of paths, by what is done at them."""

    read: frozenset[str]
    written: frozenset[str]


def path_names(trees: Sequence[ast.Module], imports: Mapping[str, str]) -> PathNames:
    """The path names of a notebook, also those that others are put together from."""
    found: dict[Use, set[str]] = {"read": set(), "write": set(), "folder": set()}
    made: dict[str, set[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            match node:
                case ast.Call():
                    use = _use(node, imports)
                    if use and use[0] != "folder":
                        found[use[0]] |= _leading(use[1])
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    made.setdefault(name, set()).update(_leading(value))
    for names in found.values():
        todo = list(names)
        while todo:
            more = made.get(todo.pop(), set()) - names
            names.update(more)
            todo += more
    return PathNames(frozenset(found["read"]), frozenset(found["write"]))


def path_literals(
    tree: ast.Module, imports: Mapping[str, str], functions: frozenset[str], names: PathNames
) -> list[PathLiteral]:
    """The path literals of a cell, in order. ``functions`` are the notebook's own: a data file given to one is read."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found: dict[int, PathLiteral] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for literal in _of_call(node, imports, functions, names, parents):
                found.setdefault(id(literal.node), literal)
    return sorted(found.values(), key=lambda each: (each.node.lineno, each.node.col_offset))


def _leading(node: ast.expr) -> set[str]:
    """The names at the beginning of what a path is put together from."""
    match node:
        case ast.Name(id=name):
            return {name}
        case ast.BinOp(left=left):
            return _leading(left)
        case ast.JoinedStr(values=[ast.FormattedValue(value=value), *_]):
            return _leading(value)
        case ast.Call(func=ast.Attribute(attr="join" | "Path" | "abspath" | "expanduser"), args=[first, *_]):
            return _leading(first)
        case ast.Call(func=ast.Name("Path" | "str" | "open"), args=[first, *_]):
            return _leading(first)
        case ast.Call(func=ast.Attribute(value=value, attr="joinpath" | "resolve" | "glob" | "with_suffix")):
            return _leading(value)
        case ast.IfExp(body=body, orelse=orelse):
            return _leading(body) | _leading(orelse)
    return set()


def _of_call(
    node: ast.Call,
    imports: Mapping[str, str],
    functions: frozenset[str],
    names: PathNames,
    parents: Mapping[ast.AST, ast.AST],
) -> Iterator[PathLiteral]:
    if isinstance(node.func, ast.Name) and node.func.id in functions:
        for value in [*node.args, *(keyword.value for keyword in node.keywords)]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and looks_like_data(value.value):
                yield PathLiteral(value, value.value, "read")
        return
    use = _use(node, imports)
    if use and use[0] == "folder":
        purpose = _purpose(node, imports, names, parents)
        if purpose:
            yield from _texts(use[1], purpose)
    elif use:
        yield from _texts(use[1], use[0])


def _purpose(
    node: ast.expr, imports: Mapping[str, str], names: PathNames, parents: Mapping[ast.AST, ast.AST]
) -> Use | None:
    """What a path that is put together is for; None where it is nowhere read from or written to."""
    inner: ast.AST = node
    while True:
        outer = parents.get(inner)
        match outer:
            case ast.Call():
                use = _use(outer, imports)
                if use and use[0] != "folder" and use[1] is inner:
                    return "folder" if use[0] == "read" else "write"
            case ast.Attribute(attr="write_text" | "write_bytes"):
                return "write"
            case ast.Attribute(attr=attr) if attr in READING_METHODS | {"exists", "is_file", "is_dir"}:
                return "folder"
            case ast.Assign(targets=[ast.Name(id=name)]):
                return "folder" if name in names.read else "write" if name in names.written else None
            case ast.stmt() | None:
                return None
        assert outer is not None
        inner = outer


def _use(node: ast.Call, imports: Mapping[str, str]) -> tuple[Use, ast.expr] | None:
    """What a call does with which of its arguments, where that is a path."""
    root, dot, rest = dotted(node.func).partition(".")
    path = f"{imports[root]}{dot}{rest}" if root in imports else ""
    method = node.func.attr if isinstance(node.func, ast.Attribute) and not path else ""
    if path in _NOT_PATHS:
        return None
    argument = _first(node)
    if argument is None:
        return None
    if path in _PATH_CALLS:
        return "folder", argument
    if path in _SECOND:
        return ("write", node.args[1]) if len(node.args) > 1 else None
    if path.rpartition(".")[2] in _PICTURES or method in _PICTURES:
        return "write", argument
    if path in READING_FUNCTIONS or method in READING_METHODS - {"glob", "open", "read_text", "read_bytes"}:
        return "read", argument
    if path in WRITING_FUNCTIONS or method in WRITING_METHODS - _NOT_ARGUMENT:
        return "write", argument
    if isinstance(node.func, ast.Name) and node.func.id == "open":
        mode = node.args[1] if len(node.args) > 1 else _keyword(node, "mode")
        writes = isinstance(mode, ast.Constant) and isinstance(mode.value, str) and bool(set("wax") & set(mode.value))
        return ("write" if writes else "read"), argument
    return None


def _first(node: ast.Call) -> ast.expr | None:
    for name in _FIRST:
        found = _keyword(node, name)
        if found is not None:
            return found
    return node.args[0] if node.args else None


def _keyword(node: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in node.keywords if keyword.arg == name), None)


def _texts(node: ast.expr, use: Use) -> Iterator[PathLiteral]:
    match node:
        case ast.Constant(value=str() as text) if text.strip():
            yield PathLiteral(node, text, use)
        case ast.JoinedStr(values=[ast.Constant(value=str() as text) as first, *_]):
            yield PathLiteral(first, text, use, False, node)
        case ast.BinOp(left=left, op=ast.Add() | ast.Div() | ast.Mod()):
            for each in _texts(left, use):
                yield PathLiteral(each.node, each.text, each.use, False, each.inside)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str() as text) as inner, attr="format")):
            yield PathLiteral(inner, text, use, False)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body, use)
            yield from _texts(orelse, use)
