"""Changes of a text at places of its syntax tree, all else kept as it was written."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Edits:
    """Edits of one text. Those inside of what is replaced or frozen go."""

    source: str
    _edits: list[tuple[int, int, int, str]] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        at = 0
        for line in self.source.split("\n"):
            self._starts.append(at)
            at += len(line.encode()) + 1

    def start(self, node: ast.AST) -> int:
        """Where a node begins, in bytes."""
        return self._starts[int(_of(node).lineno) - 1] + int(_of(node).col_offset)

    def end(self, node: ast.AST) -> int:
        """Where it ends."""
        return self._starts[int(_of(node).end_lineno) - 1] + int(_of(node).end_col_offset)

    def text(self, node: ast.AST) -> str:
        """A node as it was written."""
        return self.source.encode()[self.start(node) : self.end(node)].decode()

    def new(self, node: ast.AST) -> str:
        """A node with the edits made so far."""
        return _applied(self.source, self.start(node), self.end(node), self._inside(self.start(node), self.end(node)))

    def around(self, node: ast.AST, before: str, after: str) -> None:
        """Write text around a node."""
        start, end = self.start(node), self.end(node)
        self._edits.append((start, start, -(end - start), before))
        self._edits.append((end, end, end - start - (1 << 40), after))

    def replace(self, start: int, end: int, text: str) -> None:
        """Write text over a range."""
        self._edits = [each for each in self._edits if not (start <= each[0] and each[1] <= end)]
        self._edits.append((start, end, 0, text))

    def put(self, node: ast.AST, text: str) -> None:
        """Write text over a node."""
        self.replace(self.start(node), self.end(node), text)

    def forget(self, node: ast.AST) -> None:
        """Take back the edits inside a node."""
        start, end = self.start(node), self.end(node)
        self._edits = [each for each in self._edits if not (start <= each[0] and each[1] <= end)]

    def result(self) -> str:
        """The edited text."""
        return _applied(self.source, 0, len(self.source.encode()), self._edits)

    def _inside(self, start: int, end: int) -> list[tuple[int, int, int, str]]:
        return [each for each in self._edits if start <= each[0] and each[1] <= end]


def _of(node: ast.AST) -> Any:
    """Expressions and statements have a place; the common class does not say so."""
    return node


def _applied(source: str, start: int, end: int, edits: list[tuple[int, int, int, str]]) -> str:
    text, parts, at = source.encode(), [], start
    for first, last, _, new in sorted(edits):
        parts.append(text[at:first])
        parts.append(new.encode())
        at = max(at, last)
    parts.append(text[at:end])
    return b"".join(parts).decode()
