"""Which objects may have something in common, as it changes while a notebook runs.

A tie between two names says how their objects hang together: they may be the same one, one may be a part of the other,
or both may be parts of a third. ``view`` marks ties through memory (a numpy slice, a column of an old pandas frame),
which do not survive being written to a file and read again; references do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal, NamedTuple

from handoff_ext.dataflow.model import Source

TieKind = Literal["same", "part", "whole", "near"]
_INVERSE: dict[TieKind, TieKind] = {"same": "same", "part": "whole", "whole": "part", "near": "near"}
_VIEW_ATTRIBUTES = frozenset({"values", "T", "flat", "iloc", "loc", "iat", "at", "array", "real", "imag", "data"})
_FILLING = frozenset(
    {"append", "extend", "insert", "add", "update", "setdefault", "put", "push", "register", "set_params"}
)
_LIMIT = 60
"""Names tied to one name: beyond it, further ties of that name are kept only with their direct source."""


class Tie(NamedTuple):
    """How the first name's object hangs together with the second's; ``sliced``: through a range of rows or columns."""

    kind: TieKind
    view: bool = False
    sliced: bool = False


@cache
def inverse(tie: Tie) -> Tie:
    """The tie seen from the other name."""
    return Tie(_INVERSE[tie.kind], tie.view, tie.sliced)


@cache
def joined(one: Tie, other: Tie) -> Tie:
    """The tie of a first name to a third, given its tie to a second and the second's to the third."""
    if "same" in (one.kind, other.kind):
        kind: TieKind = other.kind if one.kind == "same" else one.kind
    else:
        kind = one.kind if one.kind == other.kind else "near"
    return Tie(kind, one.view or other.view, one.sliced or other.sliced)


@cache
def both(one: Tie, other: Tie) -> Tie:
    """Two ties between the same names as one."""
    return Tie(_stronger(one.kind, other.kind), one.view or other.view, one.sliced and other.sliced)


def tie_of(source: Source, container: bool) -> Tie:
    """The tie of a value to the object its path begins at. ``container``: that object is a list, dict, set or tuple."""
    parts = [step for step in source.path if step.kind in ("attribute", "item", "slice", "iterate", "method")]
    holds = [step for step in source.path if step.kind == "hold" or (step.kind == "call" and step.argument is not None)]
    sliced = any(step.kind == "slice" or step.name in ("iloc", "loc") for step in parts)
    view = any(
        step.kind in ("slice", "method")
        or (step.kind == "attribute" and step.name in _VIEW_ATTRIBUTES)
        or (step.kind in ("item", "iterate") and not (container and step is source.path[0]))
        for step in parts
    )
    view = view or any(step.kind == "call" and "." in step.name and not _keeps(step.name) for step in holds)
    if parts and not holds:
        return Tie("part", view, sliced)
    wraps = holds and not parts and all(step.kind == "hold" or _keeps(step.name) for step in holds)
    return Tie("whole" if wraps else "same", view, sliced)


def _keeps(callee: str) -> bool:
    """Whether a call makes or fills a thing that holds what it is given; else its value may be that itself."""
    name = callee.rpartition(".")[2]
    return name[:1].isupper() or name.startswith("make_") or name in _FILLING


class Ties:
    """The ties that hold at one place of a notebook."""

    def __init__(self) -> None:
        self._of: dict[str, dict[str, Tie]] = {}

    def copy(self) -> Ties:
        """The same ties, to go on from."""
        other = Ties()
        other._of = {name: dict(tied) for name, tied in self._of.items()}
        return other

    def of(self, name: str) -> dict[str, Tie]:
        """The names tied to a name, each with the tie of ``name`` to it."""
        return self._of.get(name, {})

    def names(self) -> Iterator[str]:
        """All names that are tied to another."""
        return iter(self._of)

    def forget(self, name: str) -> None:
        """The name is bound to a new object."""
        for other in self._of.pop(name, {}):
            tied = self._of[other]
            del tied[name]
            if not tied:
                del self._of[other]

    def add(self, target: str, source: str, tie: Tie, alone: bool = False) -> None:
        """``target`` is tied to ``source``, and unless ``alone`` to all that ``source`` is tied to."""
        if target == source:
            return
        reached = {source: tie}
        if not alone and len(self.of(source)) + len(self.of(target)) <= _LIMIT:
            for other, further in self.of(source).items():
                if other != target:
                    reached[other] = joined(tie, further)
            for near, first in list(self.of(target).items()):
                for far, second in reached.items():
                    if near != far:
                        self._set(near, far, joined(inverse(first), second))
        for other, found in reached.items():
            self._set(target, other, found)

    def _set(self, one: str, other: str, tie: Tie) -> None:
        tied = self._of.setdefault(one, {})
        before = tied.get(other)
        if before is not None:
            tie = both(before, tie)
            if tie == before:
                return
        tied[other] = tie
        self._of.setdefault(other, {})[one] = inverse(tie)


def _stronger(one: TieKind, other: TieKind) -> TieKind:
    if other in (one, "near"):
        return one
    return other if one == "near" else "same"


def reached(name: str, keyed: bool, ties: Ties) -> Iterable[str]:
    """Names whose objects may change when the object of ``name`` is changed in place.

    ``keyed``: only one of its entries is bound to something else, which leaves alone what was taken from it before.
    """
    for other, tie in ties.of(name).items():
        if tie.kind == "same" or not keyed or (tie.kind == "part" and not tie.sliced):
            yield other
