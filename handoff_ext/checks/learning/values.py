"""Values as far as leaks are concerned: which rows they hold, what was learned from which rows, which columns they
have."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import NamedTuple

from handoff_ext.checks.learning.estimators import Kind

Side = str
Step = tuple[str, Side]


class Rows(NamedTuple):
    """Rows of a source: all of them, or those on one side of each split on the way."""

    origin: int
    path: tuple[Step, ...] = ()

    def holds(self, other: Rows) -> bool:
        """Whether all of the other's rows are among these."""
        return self.origin == other.origin and other.path[: len(self.path)] == self.path

    def meets(self, other: Rows) -> bool:
        """Whether both come from different splits of the same rows: then they have rows in common."""
        if self.origin != other.origin:
            return False
        for one, two in zip(self.path, other.path, strict=False):
            if one != two:
                return one[0] != two[0]
        return True


class Place(NamedTuple):
    """Where in the notebook: cell index and node."""

    cell: int
    node: ast.AST


class Learned(NamedTuple):
    """Something computed over rows that is now in other values. ``name`` is what did it, ``subject`` what it saw;
    ``columns``: it is in these alone, where they are known."""

    kind: str
    name: str
    subject: str
    over: frozenset[Rows]
    place: Place
    columns: frozenset[str] = frozenset()


class Data(NamedTuple):
    """A table, a column, an array.

    ``frame`` names the table its columns belong to; ``only``: the columns it was cut down to; ``without``: the dropped
    ones; ``made_of``: columns that a column's values were computed from; ``read``: every column there is, where
    ``usecols`` says so and nothing since may have added another; ``grouped_by``: each row is a number over a group of
    others, which they learn from it only where it comes back to them.
    """

    rows: frozenset[Rows]
    name: str = ""
    learned: tuple[Learned, ...] = ()
    frame: int = -1
    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    made_of: frozenset[str] = frozenset()
    transformed_by: frozenset[int] = frozenset()
    predicted_by: int = -1
    predictor_saw: frozenset[Rows] = frozenset()
    statistic: bool = False
    grouped: bool = False
    tests: bool = False
    read: frozenset[str] | None = None
    grouped_by: tuple[Learned, ...] = ()

    def brought_to(self, other: Data) -> tuple[Learned, ...]:
        """What other rows learn from these when they are joined or looked up."""
        return (*self.learned, *(each for each in self.grouped_by if each not in other.grouped_by))

    def with_learned(self, *learned: Learned) -> Data:
        """The same, with more that was learned, each once: twice the same would double with every new column."""
        every = tuple(dict.fromkeys((*self.learned, *learned)))
        return self._replace(learned=every) if len(every) > len(self.learned) else self


class Index(NamedTuple):
    """Row numbers of one side of a split."""

    step: Step


class Shuffled(NamedTuple):
    """All row numbers in a random order: slices of it are the sides of a split."""

    id: int


@dataclass(frozen=True, slots=True)
class Generator:
    """A generator of random numbers."""


@dataclass(slots=True)
class Learner:
    """An estimator. ``fitted`` is what it saw last."""

    id: int
    kind: Kind
    type: str
    name: str
    place: Place
    steps: tuple[Learner, ...] = ()
    fitted: Data | None = None
    target: Data | None = None
    given: Data | None = None
    loop: int = 0

    @property
    def predicts(self) -> bool:
        """Whether it is a model, or a pipeline or search that ends in one."""
        if self.kind == "pipeline":
            return bool(self.steps) and self.steps[-1].predicts
        if self.kind == "search":
            return not self.steps or self.steps[0].predicts
        return self.kind in ("predict", "cluster")


@dataclass(slots=True, eq=False)
class Series:
    """A list, tuple or dict of values."""

    items: tuple[object, ...]
    keyed: dict[str, object] = field(default_factory=dict)


class Text(NamedTuple):
    """Constant texts: names of columns."""

    values: tuple[str, ...]


class Function(NamedTuple):
    """A function of the notebook."""

    node: ast.FunctionDef | ast.Lambda
    cell: int


class Class(NamedTuple):
    """A class of the notebook without a base, which is no estimator: its objects only hold values."""

    node: ast.ClassDef
    cell: int


@dataclass(slots=True, eq=False)
class Instance:
    """An object of such a class, with the values of its attributes."""

    made_by: Class
    attributes: dict[str, object] = field(default_factory=dict)

    def method(self, name: str) -> Function | None:
        """The method of this name."""
        for node in self.made_by.node.body:
            if isinstance(node, ast.FunctionDef) and node.name == name and not node.decorator_list:
                return Function(node, self.made_by.cell)
        return None


@dataclass(frozen=True, slots=True)
class Splitter:
    """An object whose ``split`` gives row numbers. ``shuffles``: in a random order, for certain."""

    type: str
    place: Place
    shuffles: bool = False
