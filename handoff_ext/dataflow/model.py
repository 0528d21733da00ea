"""What is known of one cell's data flow, from its source alone.

Everything is as seen by a reader who does not know the other cells: which function a call means and whether a method
changes its object is decided in ``effects``, with the whole notebook in view. So a ``CellFlow`` depends on nothing but
its cell's source and can be kept as long as that stays the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

StepKind = Literal["attribute", "item", "slice", "mask", "columns", "method", "call", "hold", "iterate", "operator"]
DefinitionKind = Literal[
    "assign", "augmented", "import", "function", "class", "lambda", "loop", "with", "except", "walrus", "magic", "match"
]
MutationKind = Literal["store", "delete", "augmented", "method", "inplace", "argument"]


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a cell's source: line and column from 1, columns in characters; the end is the first column after."""

    line: int
    column: int
    end_line: int = 0
    end_column: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step from an object to what is made of it: ``.name``, ``[...]``, ``.name(...)``, ``name(..., it, ...)``.

    ``argument`` is where the object stands in a call: a number, a keyword, or None for the receiver of a method.
    """

    kind: StepKind
    name: str = ""
    argument: int | str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """An object that a value may share something with: the one bound to ``name``, after ``path`` steps."""

    name: str
    path: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """A name read before the cell certainly binds it.

    ``deferred``: read when a function is called, not here. ``guarded``: inside a ``try`` that lives with its absence.
    """

    name: str
    position: Position
    deferred: bool = False
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """A binding of a name. ``certain`` where it happens whenever the cell runs.

    ``made`` tells what the value is made by, where the source shows it: ``plain`` (numbers, strings, tests),
    ``container`` (a display or comprehension), ``generator``, ``lambda``, or the callee of the call, ``pd.read_csv()``.
    ``lambdas``: the value may hold a function written right there.
    """

    name: str
    position: Position
    kind: DefinitionKind
    certain: bool = True
    made: str = ""
    lambdas: bool = False


@dataclass(frozen=True, slots=True)
class Mutation:
    """A mention that may change the object of ``source`` in place.

    ``method`` and ``argument``: by the call whose callee is ``callee`` (dotted where it can be written so, ``.name``
    else), as the receiver or as the argument ``argument``. ``keyed``: one entry is bound to another object, what the
    entry was before stays as it was (``frame["a"] = ...``, ``thing.name = ...``).
    """

    source: Source
    position: Position
    how: MutationKind
    callee: str = ""
    argument: int | str | None = None
    deferred: bool = False
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """After the cell the object of ``target`` may share something with the object of ``source``."""

    target: str
    source: Source
    position: Position


@dataclass(frozen=True, slots=True)
class Import:
    """``name`` is bound to ``module``, or to its ``attribute``. ``statement`` would bind just this name again."""

    name: str
    module: str
    attribute: str
    position: Position
    certain: bool = True
    statement: str = ""

    @property
    def path(self) -> str:
        """The dotted path of what is imported."""
        return f"{self.module}.{self.attribute}" if self.attribute else self.module


@dataclass(frozen=True, slots=True)
class Function:
    """A function, class or lambda bound to a name at the top level.

    ``reads``, ``writes`` and ``mutations`` concern names outside it, when it is called; ``at_definition`` are names
    read when the definition itself is run (defaults, decorators, bases, a class body). ``changes`` are the parameters
    whose objects it may change, each as a mutation of the parameter's name; ``returns`` what its value may share.
    ``makes``: its value may hold a function or class made inside it; ``generates``: its value is a generator.
    ``touchy``: a class whose objects may change when they are only looked at, by a property or special method.
    ``of_class``: its methods that change the class itself.
    ``line`` is the first line, decorators included, ``end_line`` the last.
    """

    name: str
    kind: Literal["function", "class", "lambda"]
    line: int
    end_line: int
    parameters: tuple[str, ...] = ()
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    at_definition: frozenset[str] = frozenset()
    mutations: tuple[Mutation, ...] = ()
    changes: tuple[Mutation, ...] = ()
    aliases: tuple[Alias, ...] = ()
    returns: tuple[Source, ...] = ()
    calls: frozenset[str] = frozenset()
    makes: bool = False
    generates: bool = False
    touchy: bool = False
    of_class: frozenset[str] = frozenset()
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Call:
    """A call: ``callee`` as in ``Mutation``; ``keywords`` are the names of arguments given by name,
    ``literals`` the strings among its arguments."""

    callee: str
    position: Position
    receiver: tuple[Source, ...] = ()
    keywords: frozenset[str] = frozenset()
    deferred: bool = False
    literals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Something whose effect on names cannot be read off the source."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class CellFlow:
    """The data flow of one cell.

    ``definitions``: the first binding of each name; ``bound``: names certainly bound when the cell is over;
    ``uses``: where each name is read that an earlier cell may have to give; ``deletes``: names unbound by ``del``.
    """

    definitions: Mapping[str, Definition] = field(default_factory=dict)
    bound: frozenset[str] = frozenset()
    uses: Mapping[str, tuple[Use, ...]] = field(default_factory=dict)
    mutations: tuple[Mutation, ...] = ()
    aliases: tuple[Alias, ...] = ()
    deletes: Mapping[str, Position] = field(default_factory=dict)
    imports: Mapping[str, Import] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    uncertain: tuple[Uncertain, ...] = ()

    def may_bind(self, name: str, before: Position) -> bool:
        """Whether the cell itself may have bound the name where it is read: in a branch, or in a loop."""
        own = self.definitions.get(name)
        return own is not None and (own.position.line, own.position.column) < (before.line, before.column)
