"""What happens to names while one scope runs, as it is collected."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from handoff_ext.dataflow.model import (
    Alias,
    Call,
    Definition,
    DefinitionKind,
    Function,
    Import,
    Mutation,
    Position,
    Source,
    Uncertain,
    Use,
)


class Events:
    """The events of one scope: of a cell, or of a function's or class's body, whose own names are in ``own``."""

    def __init__(self, code: str, own: Iterable[str] = ()) -> None:
        self.code = code
        self._lines = None if code.isascii() else code.split("\n")
        self.own = frozenset(own)
        self.definitions: dict[str, Definition] = {}
        self.bound: set[str] = set()
        self.uses: dict[str, list[Use]] = {}
        self.mutations: list[Mutation] = []
        self.aliases: list[Alias] = []
        self.deletes: dict[str, Position] = {}
        self.imports: dict[str, Import] = {}
        self.functions: dict[str, Function] = {}
        self.calls: list[Call] = []
        self.uncertain: list[Uncertain] = []
        self.returns: list[Source] = []
        self.stands_for: dict[str, tuple[Source, ...]] = {}
        self.maybe = 0
        self.guarded = 0
        self.of_class = False
        self.hidden = False
        self.past: set[Use] = set()
        """Uses that do not see what the scope binds: of a class, in its comprehensions."""

    def use(self, node: ast.Name) -> None:
        """A name is read here and now."""
        if node.id not in self.stands_for:
            self.note(Use(node.id, self.at(node), False, self.guarded > 0))

    def note(self, use: Use) -> None:
        """Keep a use, unless the scope has certainly bound the name before; a class binds nothing for its methods and
        comprehensions."""
        if self.hidden:
            self.past.add(use)
        if use.name not in self.bound or (self.of_class and (use.deferred or self.hidden)):
            self.uses.setdefault(use.name, []).append(use)

    def define(self, name: str, node: ast.AST, kind: DefinitionKind, made: str = "", lambdas: bool = False) -> None:
        """A name is bound; what it was before is forgotten."""
        found = Definition(name, self.at(node), kind, self.maybe == 0, made, lambdas)
        first = self.definitions.get(name)
        if first is None or (found.certain and not first.certain):
            self.definitions[name] = found
        self.bound.add(name)
        self.deletes.pop(name, None)
        if kind != "import" and not self.maybe:
            self.imports.pop(name, None)
        self.functions.pop(name, None)

    def unbind(self, node: ast.Name) -> None:
        """``del name``."""
        self.use(node)
        if not self.maybe:
            self.bound.discard(node.id)
        self.deletes[node.id] = self.at(node)

    def later(self, inner: Events) -> None:
        """What a function does happens when it is called: any time after this."""
        for name, uses in inner.uses.items():
            if name not in inner.own:
                for use in uses:
                    self.note(Use(name, use.position, True, use.guarded or self.guarded > 0))
        self.mutations += [
            Mutation(each.source, each.position, each.how, each.callee, each.argument, True, each.keyed)
            for each in inner.mutations
            if each.source.name not in inner.own
        ]
        self.calls += [Call(each.callee, each.position, (), each.keywords, True) for each in inner.calls]
        self.uncertain += inner.uncertain

    def now(self, inner: Events) -> None:
        """What an inner scope does happens here: a class body, or a lambda that is handed to somebody."""
        for name, uses in inner.uses.items():
            for use in uses:
                # a method sees the cell's names, never those of the class around it
                if use.deferred or name not in inner.own or use in inner.past:
                    self.note(Use(name, use.position, use.deferred, use.guarded or self.guarded > 0))
        self.mutations += [each for each in inner.mutations if each.source.name not in inner.own]
        self.calls += inner.calls
        self.uncertain += inner.uncertain

    def at(self, node: ast.AST) -> Position:
        """Where a node stands in the cell."""
        line, end = getattr(node, "lineno", 1), getattr(node, "end_lineno", None) or 1
        column, last = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", None) or 0
        if self._lines is not None:
            return Position(line, _character(self._lines, line, column), end, _character(self._lines, end, last))
        return Position(line, column + 1, end, last + 1)


def _character(lines: list[str], line: int, offset: int) -> int:
    text = lines[line - 1] if line <= len(lines) else ""
    if text.isascii():
        return offset + 1
    return len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore")) + 1
