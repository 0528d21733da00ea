"""Which names a cell reads before it binds them: quick, and rather too many than too few. ``dataflow`` then knows
exactly."""

from __future__ import annotations

import ast


class _OfClass(set[str]):
    """Names bound in a class's body: seen there, and by nothing inside it."""


class Names:
    """Names in the order they are read and bound at the top level of a cell, seen through comprehensions and functions.

    ``reads``: read before bound, with the first place; ``inner``: read in functions and bound nowhere in them;
    ``bound``: bound at the top level or as a ``global``; ``deleted``: taken back by ``del``, for certain.
    """

    def __init__(self) -> None:
        self.reads: dict[str, ast.Name] = {}
        self.inner: dict[str, ast.Name] = {}
        self.bound: set[str] = set()
        self.deleted: set[str] = set()
        self._scopes: list[tuple[set[str], dict[str, ast.Name]]] = []
        self._locals: list[set[str]] = []

    def name(self, node: ast.Name) -> None:
        """One mention of a name."""
        name = node.id
        if type(node.ctx) is not ast.Load:
            self.bind(name)
            return
        if self._locals:
            for own in self._locals:
                if name in own and (type(own) is not _OfClass or own is self._locals[-1]):
                    return
        if self._scopes:
            self._scopes[-1][1].setdefault(name, node)
        elif name not in self.bound:
            self.reads.setdefault(name, node)

    def bind(self, name: str) -> None:
        """The name is bound here."""
        if self._locals:
            self._locals[-1].add(name)
        elif self._scopes:
            self._scopes[-1][0].add(name)
        else:
            self.bound.add(name)
            self.deleted.discard(name)

    def unbind(self, name: str, deleted: bool) -> None:
        """The name is gone: by ``del``, or behind the ``except`` that bound it."""
        if self._locals:
            self._locals[-1].discard(name)
        elif not self._scopes:
            self.bound.discard(name)
            if deleted:
                self.deleted.add(name)

    def declare(self, names: list[str]) -> None:
        """``global``: what the function binds is the cell's."""
        self.bound.update(names)

    def enter_comprehension(self) -> None:
        """A comprehension binds its targets for itself."""
        self._locals.append(set())

    def enter_class(self) -> None:
        """A class's body binds for itself, and hides what it binds from its methods."""
        self._locals.append(_OfClass())

    def leave_comprehension(self) -> None:
        """Back to the scope around."""
        self._locals.pop()

    def enter_function(self, parameters: set[str]) -> tuple[list[set[str]], int]:
        """A function: what it reads is read later."""
        kept = self._locals
        seen = {each for own in kept if type(own) is not _OfClass for each in own}
        self._scopes.append((parameters | seen, {}))
        self._locals = []
        return kept, len(self._scopes)

    def leave_function(self, kept: tuple[list[set[str]], int]) -> None:
        """What the function does not bind itself, the scope around must."""
        self._locals = kept[0]
        own, reads = self._scopes.pop()
        for name, node in reads.items():
            if name in own:
                continue
            if self._scopes:
                self._scopes[-1][1].setdefault(name, node)
            else:
                self.inner.setdefault(name, node)
