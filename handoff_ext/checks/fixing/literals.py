"""Text literals as they are written: prefix, quotes, and what stands between them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoff_ext.checks.fixing.draft import Draft

_WRITTEN = re.compile(r"(?P<prefix>[A-Za-z]{0,2})(?P<quote>'''|\"\"\"|'|\")(?P<body>.*)(?P=quote)\Z", re.S)


@dataclass(frozen=True, slots=True)
class Literal:
    """One literal: offsets in the cell's source; ``value`` is the text of a plain one and of an f-string's
    beginning."""

    node: ast.expr
    start: int
    end: int
    prefix: str
    quote: str
    body: str
    value: str | None

    @property
    def raw(self) -> bool:
        """Whether backslashes stand for themselves."""
        return "r" in self.prefix.lower()


def literals(draft: Draft, cell_index: int, node: ast.expr) -> Iterator[Literal]:
    """The text literals in an expression, in the order they stand; those joined by standing side by side are left
    out."""
    facts = draft.facts(cell_index)
    inside: set[int] = set()
    found = []
    for each in ast.walk(node):
        if id(each) in inside:
            continue
        if type(each) is ast.JoinedStr:
            inside.update(id(below) for below in ast.walk(each))
        elif type(each) is not ast.Constant or type(each.value) is not str:
            continue
        start, end = draft.span(cell_index, facts.spot(each))
        written = _WRITTEN.match(facts.source[start:end])
        if written and not _several(written):
            found.append(Literal(each, start, end, written["prefix"], written["quote"], written["body"], _value(each)))
    yield from sorted(found, key=lambda literal: literal.start)


def _several(written: re.Match[str]) -> bool:
    """``"a" "b"``: the quote closes and opens again."""
    quote, body = written["quote"], written["body"]
    if "f" in written["prefix"].lower():
        body = re.sub(r"\{[^{}]*\}", "", body)
    return bool(re.search(rf"(?<!\\)(?:\\\\)*{quote}", body))


def _value(node: ast.expr) -> str | None:
    if type(node) is ast.JoinedStr:
        first = node.values[0] if node.values else None
        node = first if type(first) is ast.Constant else node
    return node.value if type(node) is ast.Constant and type(node.value) is str else None
