"""All that rules may know of one cell, from its kind and source alone; made when first asked for, then kept."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from handoff_ext.cells.python import ParsedCell, parse_cell
from handoff_ext.checks.facts.kept import kept
from handoff_ext.checks.facts.text import text_of
from handoff_ext.checks.facts.walk import TextUse, Walked, walk
from handoff_ext.checks.rule import Spot

if TYPE_CHECKING:
    from handoff_ext.cells.model import CellKind
    from handoff_ext.checks.paths.uses import PathUse
    from handoff_ext.checks.secrets.uses import SecretUse
    from handoff_ext.dataflow.model import CellFlow

_MAGIC_CALLS = frozenset({"().run_line_magic", "().system", "().getoutput"})
_HASH = re.compile(r"#.*")
_NOT_PYTHON = ParsedCell(None, None, (), "")
_NOTHING_FOUND = Walked()


class CellFacts:
    """Facts of one cell. ``python`` is false in notebooks of another language: their code is only text."""

    def __init__(self, kind: CellKind, source: str, python: bool = True) -> None:
        self.kind = kind
        self.source = source
        self.python = python and kind == "code"

    @kept
    def parsed(self) -> ParsedCell:
        """The cell's Python; of a cell that is none, nothing."""
        if not self.python:
            return _NOT_PYTHON
        return parse_cell(self.source)

    @kept
    def walked(self) -> Walked:
        """Texts, calls, imports and constants."""
        if self.parsed.tree is None:
            return _NOTHING_FOUND
        try:
            walked = walk(self.parsed.tree)
        except RecursionError:
            return Walked()
        if self.parsed.magics:
            lines = {magic.line for magic in self.parsed.magics}
            walked.texts = [each for each in walked.texts if not _stands_for_magic(each, lines)]
        return walked

    @kept
    def constants(self) -> dict[str, str]:
        """Texts of the names that the cell binds exactly once, at its top level, to a text."""
        known: dict[str, str] = {}
        for name, parts in self.walked.constants.items():
            if parts is not None:
                known[name] = text_of(parts, known)
        return known

    @kept
    def paths(self) -> tuple[PathUse, ...]:
        """Paths that the cell names."""
        return tuple(_readers().paths_of(self))

    @kept
    def secrets(self) -> tuple[SecretUse, ...]:
        """Passwords and keys that the cell holds."""
        return tuple(_readers().secrets_of(self))

    @kept
    def flow(self) -> CellFlow:
        """What the cell binds, reads and changes."""
        from handoff_ext.dataflow.cell import cell_flow

        return cell_flow(self.parsed)

    @kept
    def lines(self) -> list[str]:
        """The source's lines."""
        return self.source.split("\n")

    @kept
    def comments(self) -> tuple[tuple[int, int, str], ...]:
        """Comments as line from 1, column from 1, text with its ``#``."""
        if "#" not in self.source or not self.python:
            return ()
        return tuple(_comments(self.parsed.code if self.parsed.tree else self.source))

    def text(self, use: TextUse) -> str:
        """The text of a use, as far as this cell tells."""
        return text_of(use.parts, self.constants)

    def spot(self, node: ast.AST) -> Spot:
        """Where a node stands."""
        line: int = getattr(node, "lineno", 1)
        end: int = getattr(node, "end_lineno", None) or line
        start_offset: int = getattr(node, "col_offset", 0)
        end_offset: int = getattr(node, "end_col_offset", None) or 0
        return Spot(line, self.column(line, start_offset), end, self.column(end, end_offset))

    def column(self, line: int, offset: int) -> int:
        """Characters from 1 for a byte offset."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        if text.isascii():
            return offset + 1
        return len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore")) + 1

    def spot_at(self, start: int, end: int) -> Spot:
        """Where characters ``start`` to ``end`` of the source stand."""
        return spot_in(self.source, start, end, "markdown" if self.kind == "markdown" else "source")


class _Readers(NamedTuple):
    paths_of: Callable[[CellFacts], Iterator[PathUse]]
    secrets_of: Callable[[CellFacts], Iterator[SecretUse]]


@cache
def _readers() -> _Readers:
    """What finds paths and secrets. Both look at facts themselves, so they are imported by the first cell, once: an
    import takes as long as reading a short cell."""
    from handoff_ext.checks.paths.uses import paths_of
    from handoff_ext.checks.secrets.uses import secrets_of

    return _Readers(paths_of, secrets_of)


def spot_in(text: str, start: int, end: int, where: str) -> Spot:
    """Line and column of a stretch of ``text``."""
    line, last = text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 1
    column, end_column = start - text.rfind("\n", 0, start), end - text.rfind("\n", 0, end)
    return Spot(line, column, last, end_column, where)  # type: ignore[arg-type]


def _stands_for_magic(use: TextUse, lines: set[int]) -> bool:
    return use.node.lineno in lines and use.around.name in _MAGIC_CALLS


def _comments(code: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    try:
        tokens = tokenize.generate_tokens(io.StringIO(code).readline)
        found.extend((*each.start, each.string) for each in tokens if each.type == tokenize.COMMENT)
    except (tokenize.TokenError, SyntaxError, ValueError):
        for number, line in enumerate(code.split("\n"), 1):
            match = _HASH.search(line)
            if match and line.lstrip()[:1] == "#":
                found.append((number, match.start(), match[0]))
    return sorted({(line, column + 1, text) for line, column, text in found})
