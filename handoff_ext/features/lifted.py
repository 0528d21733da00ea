"""What lifting is asked, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass

from handoff_ext.contracts.features import Place
from handoff_ext.features.world import Found


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows that a model is fitted or asked on: the expression, its cell's index and line."""

    expression: str
    cell: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Something read. ``name`` is what the notebook calls it, ``code`` the expression that reads it; ``framed`` where
    that gives a pandas table."""

    number: int
    name: str
    code: str
    place: Place
    framed: bool
    statement: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of ``transform``: its text, and where it is from."""

    text: str
    comments: str
    place: Place


@dataclass(slots=True)
class Lifted:
    """The feature code of a notebook. ``main`` is the table whose rows the model is asked about, ``held`` the one that
    the hold-out is from where that is another."""

    expression: str
    main: Table
    tables: list[Table]
    lines: list[Line]
    result: str
    found: list[tuple[Found, Place]]
    functions: dict[str, str]
    plain: dict[str, str]
    load: list[str]
    imports: dict[str, str]
    held: Table | None = None


class NotLifted(Exception):
    """Why the code cannot be lifted, in one sentence, and where."""

    def __init__(self, reason: str, place: Place | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place
