"""Parse the source of one code cell: Python first, IPython's syntax only where Python does not understand it."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from handoff_ext.cells.magics import (
    NOT_BINDING,
    PYTHON_CELL,
    Magic,
    MagicLine,
    automatic,
    is_candidate,
    read_cell_magic,
    read_line,
)

_FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_PROMPT = re.compile(r"(>>> ?|\.\.\. ?|In \[\d+\]: ?|\s*\.{3,}: ?)")
_PYTHON2 = re.compile(
    r"^\s*(print\s+[^\s(=]|print\s*>>|exec\s+['\"\w]|raise\s+\w+\s*,|except\s+[\w.()]+(\s*,\s*\w+)+\s*:)"
    r"|\bur['\"]|\b0[0-7]+[lL]?\b|\b\d+[lL]\b|`\w+`|<>",
    re.M,
)


@dataclass(frozen=True, slots=True)
class ParsedCell:
    """A cell's Python.

    Lines of ``tree`` are those of the cell's source, and columns too wherever the line was not IPython's own. ``tree``
    is None where the cell is not Python; ``error`` says why when that is the author's mistake. ``code`` is the Python
    text line by line, with IPython's syntax as calls of ``get_ipython()``. ``binds`` is false for ``%%timeit``: names
    assigned in it are gone afterwards.
    """

    tree: ast.Module | None
    error: tuple[int, str] | None
    magics: tuple[Magic, ...]
    code: str
    binds: bool = True


def parse_cell(source: str) -> ParsedCell:
    """Parse a code cell as IPython would run it. Never raises, never warns."""
    tree, error = _parse(source)
    if tree is not None:
        return ParsedCell(tree, None, (), source)
    lines = source.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        return _cell_magic(lines, first)
    return _with_magics(lines, error or (1, "it cannot be read"))


def _cell_magic(lines: list[str], first: int) -> ParsedCell:
    name, text, names = read_cell_magic(lines[first])
    if lines[first].startswith("%%!") or not name:
        name = "!"
    body = lines[first + 1 :]
    if name not in PYTHON_CELL:
        magic = Magic(first + 1, "cell", name, text, names, "\n".join(body))
        return ParsedCell(None, None, (magic,), "\n" * (len(lines) - 1))
    inner = parse_cell("\n" * (first + 1) + "\n".join(body))
    magic = Magic(first + 1, "cell", name, text, names)
    return ParsedCell(
        inner.tree, inner.error, (magic, *inner.magics), inner.code, inner.binds and name not in NOT_BINDING
    )


def _with_magics(lines: list[str], error: tuple[int, str]) -> ParsedCell:
    """Replace the lines at which Python stops, as long as they are IPython's.

    Going by the parser's own errors keeps such lines inside strings and brackets what they are.
    """
    given = lines
    lines, indent = _undented(automatic(given))
    found: dict[int, MagicLine] = {}
    tree: ast.Module | None = None
    if lines != given:
        tree, parse_error = _parse("\n".join(lines))
        error = parse_error or error
    while tree is None:
        at = _magic_at(lines, error[0] - 1, found)
        if at is None:
            break
        _replace(lines, at, found)
        tree, parse_error = _parse("\n".join(lines))
        error = parse_error or error
    magics = tuple(found[number].magic for number in sorted(found))
    code = "\n".join(lines)
    if tree is None:
        return ParsedCell(None, _named(error, code), magics, code)
    _put_code_back(tree, found)
    if indent:
        for node in ast.walk(tree):
            if isinstance(node, (ast.stmt, ast.expr)):
                node.col_offset += indent
                node.end_col_offset = (node.end_col_offset or 0) + indent
    return ParsedCell(tree, None, magics, code)


def _magic_at(lines: list[str], index: int, found: dict[int, MagicLine]) -> int | None:
    """The line to replace for an error at ``index``: itself, or the one before where Python noticed late."""
    for at in (index, index - 1):
        if 0 <= at < len(lines) and at not in found and is_candidate(lines[at]) and read_line(lines[at], at + 1):
            return at
    return None


def _replace(lines: list[str], at: int, found: dict[int, MagicLine]) -> None:
    """Put Python in the place of an IPython line, of the lines it goes on in, and of such lines right behind it."""
    while at < len(lines) and lines[at].strip() and is_candidate(lines[at]):
        end = at
        while lines[end].endswith("\\") and end + 1 < len(lines):
            end += 1
        joined = "".join(line[:-1] if line.endswith("\\") else line for line in lines[at : end + 1])
        read = read_line(joined, at + 1)
        if read is None:
            return
        found[at] = read
        lines[at : end + 1] = [read.prefix + read.call] + [""] * (end - at)
        at = end + 1
        if at < len(lines) and lines[at].lstrip()[:1] not in ("%", "!"):
            return


def _put_code_back(tree: ast.Module, found: dict[int, MagicLine]) -> None:
    """Where a magic's argument is Python (``%time x = f()``), put its statements where the call stands."""
    wanted = {at + 1: read for at, read in found.items() if read.code}
    if not wanted:
        return
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                block[:] = [each for old in block for each in _inner(old, wanted.get(getattr(old, "lineno", 0)))]


def _inner(statement: ast.stmt, read: MagicLine | None) -> list[ast.stmt]:
    if read is None:
        return [statement]
    inner, _ = _parse(read.code)
    if inner is None:
        return [statement]
    for node in ast.walk(inner):
        if hasattr(node, "lineno"):
            node.lineno = node.end_lineno = read.magic.line  # type: ignore[attr-defined]
            node.col_offset += read.code_at  # type: ignore[attr-defined]
            node.end_col_offset += read.code_at  # type: ignore[attr-defined]
    if isinstance(statement, ast.Expr) and read.magic.name not in NOT_BINDING:
        return inner.body
    used = [_value(each) for each in inner.body]
    kept: list[ast.stmt] = [each for each in used if each is not None]
    return kept or [statement] if isinstance(statement, ast.Expr) else [*kept, statement]


def _value(statement: ast.stmt) -> ast.stmt | None:
    """The statement for its uses alone: what ``%timeit`` assigns is gone afterwards."""
    value = getattr(statement, "value", None)
    return ast.copy_location(ast.Expr(value), value) if isinstance(value, ast.expr) else None


def _undented(lines: list[str]) -> tuple[list[str], int]:
    """The lines without a copied session's prompts and the first line's indentation, as IPython drops them."""
    head = next((line for line in lines if line.strip()), "")
    if _PROMPT.match(head) and head.lstrip()[:3] in (">>>", "In "):
        lines = [_PROMPT.sub("", line, count=1) if _PROMPT.match(line) else line for line in lines]
        head = next((line for line in lines if line.strip()), "")
    indent = len(head) - len(head.lstrip(" \t"))
    if not indent:
        return list(lines), 0
    return [line[indent:] if line[:indent] == head[:indent] else line.lstrip(" \t") for line in lines], indent


def _parse(text: str) -> tuple[ast.Module | None, tuple[int, str] | None]:
    try:
        if warnings.filters and warnings.filters[0] == _ALL_IGNORED:
            tree = compile(text, "<cell>", "exec", _FLAGS, dont_inherit=True)
        else:
            with without_warnings():
                tree = compile(text, "<cell>", "exec", _FLAGS, dont_inherit=True)
    except SyntaxError as error:
        return None, (error.lineno or 1, error.msg or "invalid syntax")
    except (RecursionError, MemoryError):
        return None, (1, "it is nested too deeply")
    except ValueError as error:
        return None, (1, str(error))
    assert isinstance(tree, ast.Module)
    return tree, None


_ALL_IGNORED = ("ignore", None, Warning, None, 0)


@contextmanager
def without_warnings() -> Iterator[None]:
    """What the parser warns of is the author's. Around many cells once: setting it up takes longer than most cells."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _named(error: tuple[int, str], code: str) -> tuple[int, str]:
    """Python 2 deserves its name: the parser's own words would send the reader looking for a typing mistake."""
    lines = code.split("\n")
    line = lines[error[0] - 1] if 0 < error[0] <= len(lines) else ""
    if _PYTHON2.search(line):
        return error[0], "this is Python 2, only Python 3 is read"
    return error


def character(code: str, line: int, offset: int) -> int:
    """Column, counted in characters from 1, of a byte offset as ``ast`` gives it."""
    text = code.split("\n")[line - 1] if 0 < line <= code.count("\n") + 1 else ""
    if text.isascii():
        return offset + 1
    return len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore")) + 1
