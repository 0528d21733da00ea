"""What a rule is, and what it says when it fires."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from handoff_ext.contracts.finding import Confidence, Severity, Where

if TYPE_CHECKING:
    from handoff_ext.cells.model import Output
    from handoff_ext.checks.facts.cell import CellFacts
    from handoff_ext.checks.facts.notebook import NotebookFacts
    from handoff_ext.checks.fixing.draft import Draft


class Spot(NamedTuple):
    """A place in a cell: lines and columns count from 1, ``end_column`` is the first one behind it."""

    line: int
    column: int
    end_line: int
    end_column: int
    where: Where = "source"


TOP = Spot(1, 1, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place where a rule fires.

    ``anchor`` names the hit among those of its rule in its cell, without a secret in it: the finding's key is made from
    it. ``subject`` is what the rule's fix needs to know; it never leaves the process. ``cell`` is the cell's index, set
    by rules that look at the whole notebook; -1 is the notebook itself.
    """

    spot: Spot
    message: str
    anchor: str = ""
    cell: int | None = None
    confidence: Confidence = "high"
    severity: Severity | None = None
    fixable: bool = False
    safe: bool = False
    subject: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: named for the bad pattern; its module's docstring is its page.

    ``cell`` sees one cell and depends on its content alone, so that its answer is kept while the cell does not change;
    ``output`` sees the texts of one cell's outputs; ``notebook`` sees the facts of all cells. ``fix`` adds the edit
    for one hit to a draft.
    """

    code: str
    name: str
    severity: Severity
    why: str
    cell: Callable[[CellFacts], Iterable[Hit]] | None = None
    output: Callable[[tuple[Output, ...]], Iterable[Hit]] | None = None
    notebook: Callable[[NotebookFacts], Iterable[Hit]] | None = None
    fix: Callable[[Draft, int, Hit], None] | None = None

    @property
    def family(self) -> str:
        """``PATH`` of ``PATH001``."""
        return self.code.rstrip("0123456789")
