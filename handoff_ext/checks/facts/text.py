"""String expressions as text with holes: ``"/data/" + name``, f-strings, ``os.path.join``, ``Path(...) / ...``,
``.format``."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from handoff_ext.checks.words import words

HOLE = "\0"
"""Stands in a text for what only a run knows."""
_MOST = 20_000

_JOINS = frozenset({"os.path.join", "path.join", "osp.join", "posixpath.join", "ntpath.join", "join"})
_PATHS = frozenset({"Path", "PurePath", "PosixPath", "WindowsPath", "PureWindowsPath", "PurePosixPath"})
_HOME = frozenset({"Path.home", "pathlib.Path.home"})
_SAME = words(
    """
    str os.fspath os.path.abspath os.path.normpath os.path.realpath os.path.expandvars repr os.path.normcase
    print_path bytes SecretStr
    """
)
_SAME_METHODS = words(
    """
    resolve absolute as_posix expanduser encode decode strip rstrip lstrip with_suffix
    """
)
_BUILDS = (
    frozenset(each.rpartition(".")[2] for each in (*_JOINS, *_SAME))
    | _PATHS
    | _SAME_METHODS
    | {"format", "joinpath", "home", "expanduser", "getenv", "get"}
)
_FIELD = re.compile(r"\{\{|\}\}|\{[^{}]*\}")
_PERCENT = re.compile(r"%%|%(?:\(\w+\))?[-+ #0]*[\d*]*(?:\.[\d*]+)?[diouxXeEfFgGcrsa]")


class Ref(NamedTuple):
    """A name whose value another statement or cell may tell."""

    name: str


Parts = tuple[str | Ref, ...]


def dotted(node: ast.AST) -> str:
    """``a.b.c`` of a chain of attributes; a call or subscript below it is left out: ``f(x).b`` is ``().b``."""
    if type(node) is ast.Name:
        return node.id
    if type(node) is not ast.Attribute:
        return ""
    if type(node.value) is ast.Name:
        return f"{node.value.id}.{node.attr}"
    names: list[str] = []
    while type(node) is ast.Attribute:
        names.append(node.attr)
        node = node.value
    if type(node) is ast.Name:
        names.append(node.id)
    else:
        names.append("()")
    return ".".join(reversed(names))


def parts_of(node: ast.expr) -> Parts | None:
    """The text that the expression builds, or None where it builds none. A sum of names may be one; a lone name is
    not."""
    read = _READERS.get(type(node))
    return read(node) if read else None


def text_of(parts: Parts, known: Mapping[str, str]) -> str:
    """The text, with what is not known as holes."""
    if len(parts) == 1 and type(parts[0]) is str:
        return parts[0]
    return "".join([part if type(part) is str else known.get(part.name, HOLE) for part in parts])  # type: ignore[union-attr]


def _piece(node: ast.expr) -> Parts:
    """What an operand adds: its text, a name to look up, or a hole."""
    if type(node) is ast.Name:
        return (Ref(node.id),)
    return parts_of(node) or (HOLE,)


def _constant(node: ast.expr) -> Parts | None:
    value = node.value  # type: ignore[attr-defined]
    if type(value) is str:
        return (value[:_MOST],)
    if type(value) is bytes:
        return (value[:_MOST].decode("utf-8", "replace"),)
    return None


def _joined(node: ast.expr) -> Parts | None:
    parts: list[str | Ref] = []
    for value in node.values:  # type: ignore[attr-defined]
        if type(value) is ast.FormattedValue:
            plain = value.format_spec is None
            parts.extend(_piece(value.value) if plain else (HOLE,))
        else:
            parts.extend(_constant(value) or (HOLE,))
    return tuple(parts)


def _operated(node: ast.expr) -> Parts | None:
    assert type(node) is ast.BinOp
    operator = type(node.op)
    if operator is ast.Add:
        chain: list[ast.expr] = []
        left: ast.expr = node
        while type(left) is ast.BinOp and type(left.op) is ast.Add:
            chain.append(left.right)
            left = left.left
        chain.append(left)
        if not any(parts_of(each) for each in chain) and not all(type(each) is ast.Name for each in chain):
            return None
        return tuple(part for each in reversed(chain) for part in _piece(each))
    if operator is ast.Mod:
        template = parts_of(node.left)
        return template and _percent(template, node.right)
    if operator is ast.Div:
        right = parts_of(node.right)
        if right is None and _path_like(node.left) is None:
            return None
        return _under(_piece(node.left), right or _piece(node.right))
    return None


def _path_like(node: ast.expr) -> Parts | None:
    if type(node) is ast.BinOp and type(node.op) is ast.Div:
        return _operated(node)
    return parts_of(node) if type(node) is ast.Call else None


def _called(node: ast.expr) -> Parts | None:
    assert type(node) is ast.Call
    function = node.func
    last = function.attr if type(function) is ast.Attribute else function.id if type(function) is ast.Name else ""
    if last not in _BUILDS:
        return None
    name = dotted(function)
    arguments = node.args
    if any(type(each) is ast.Starred for each in arguments):
        return None
    if type(node.func) is ast.Attribute:
        if last == "format":
            template = parts_of(node.func.value)
            return template and _format(template, node)
        if last == "join" and type(node.func.value) is ast.Constant and len(arguments) == 1:
            return _listed(node.func.value, arguments[0])
        if last == "joinpath":
            return _under(_piece(node.func.value), *map(_piece, arguments))
        if last in _SAME_METHODS and not arguments:
            return parts_of(node.func.value)
        if last == "home" and name in _HOME:
            return ("~",)
    if last in _PATHS and arguments:
        return _under(*map(_piece, arguments))
    if name in _JOINS and arguments:
        return _under(*map(_piece, arguments))
    if last == "expanduser" and arguments:
        return parts_of(arguments[0])
    if name in _SAME and len(arguments) >= 1:
        return parts_of(arguments[0])
    if name in ("os.getenv", "os.environ.get") and arguments and _is_home(arguments[0]):
        return ("~",)
    return None


def _looked_up(node: ast.expr) -> Parts | None:
    assert type(node) is ast.Subscript
    if dotted(node.value) in ("os.environ", "environ") and _is_home(node.slice):
        return ("~",)
    return None


def _is_home(node: ast.expr) -> bool:
    return type(node) is ast.Constant and node.value in ("HOME", "USERPROFILE")


def _listed(separator: ast.Constant, items: ast.expr) -> Parts | None:
    if type(items) not in (ast.List, ast.Tuple) or type(separator.value) is not str:
        return None
    parts: list[str | Ref] = []
    for index, item in enumerate(items.elts):  # type: ignore[attr-defined]
        parts.extend(((separator.value,) if index else ()) + _piece(item))
    return tuple(parts)


def _under(*pieces: Parts) -> Parts:
    """Joined as paths are: a later absolute part begins anew."""
    parts: list[str | Ref] = []
    for piece in pieces:
        first = piece[0] if piece else ""
        if type(first) is str and first[:1] in ("/", "\\", "~"):
            parts = []
        elif parts and not (type(parts[-1]) is str and parts[-1][-1:] in ("/", "\\")):
            parts.append("/")
        parts.extend(piece)
    return tuple(parts)


def _format(template: Parts, call: ast.Call) -> Parts:
    """``str.format``: fields take what the arguments say."""
    named = {each.arg: each.value for each in call.keywords if each.arg}
    count = iter(range(len(call.args) + 1_000))

    def fill(field: str) -> Parts:
        if field in ("{{", "}}"):
            return (field[0],)
        name = re.split(r"[.!:\[]", field[1:-1], maxsplit=1)[0]
        plain = name == field[1:-1]
        at = int(name) if name.isdecimal() else next(count) if not name else -1
        given = call.args[at] if 0 <= at < len(call.args) else named.get(name)
        return _piece(given) if given is not None and plain else (HOLE,)

    return _filled(template, _FIELD, fill)


def _percent(template: Parts, values: ast.expr) -> Parts:
    """``%``: fields take the values in order."""
    given = iter(values.elts if type(values) is ast.Tuple else () if type(values) is ast.Dict else (values,))

    def fill(field: str) -> Parts:
        if field == "%%":
            return ("%",)
        value = next(given, None)
        return _piece(value) if value is not None and field == "%s" else (HOLE,)

    return _filled(template, _PERCENT, fill)


def _filled(template: Parts, fields: re.Pattern[str], fill: Callable[[str], Parts]) -> Parts:
    parts: list[str | Ref] = []
    for part in template:
        if type(part) is not str:
            parts.append(part)
            continue
        at = 0
        for found in fields.finditer(part):
            parts.append(part[at : found.start()])
            parts.extend(fill(found[0]))
            at = found.end()
        parts.append(part[at:])
    return tuple(parts)


_READERS = {
    ast.Constant: _constant,
    ast.JoinedStr: _joined,
    ast.BinOp: _operated,
    ast.Call: _called,
    ast.Subscript: _looked_up,
}
