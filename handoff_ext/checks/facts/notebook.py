"""All that rules may know of a notebook: the facts of its cells, its plan, the folder it lies in."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoff_ext.cells.model import Cell, Notebook
from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.facts.kept import kept
from handoff_ext.checks.facts.text import Ref, text_of
from handoff_ext.checks.facts.walk import TextUse

if TYPE_CHECKING:
    from handoff_ext.checks.learning.events import Story
    from handoff_ext.checks.paths.placed import PlacedPath
    from handoff_ext.checks.state import Missing
    from handoff_ext.dataflow.notebook import NotebookFlow


_FITS = re.compile(r"\.fit\w*\(")
_LEARNS = (".train(", "_split(", "cross_val", "backward()")
_TRAINING = ("backward()", "rainer.", ".fit_one_cycle(", ".fine_tune(", ".train(", ".cv(")
"""Without one of these ``_TRAINS`` is not there."""
_TRAINS = re.compile(
    r"\.backward\(\)|\b[Tt]rainer\.(?:train|fit)\(|\.fit_one_cycle\(|\.fine_tune\(|\b(?:xgb|lgb)\.(?:train|cv)\("
)


class NotebookFacts:
    """``cells`` and ``facts`` run in step. ``folder`` is None where the notebook lies nowhere on this disk.

    ``tell``: what tells the story faster than from the top, where a notebook is checked again and again.
    """

    def __init__(
        self,
        notebook: Notebook,
        facts: tuple[CellFacts, ...],
        plan: Mapping[str, Any] | None,
        folder: Path | None,
        tell: Callable[[NotebookFacts], Story] | None = None,
    ) -> None:
        self.tell = tell
        self.notebook = notebook
        self.facts = facts
        self.plan = plan
        self.folder = folder

    @kept
    def code(self) -> tuple[tuple[Cell, CellFacts], ...]:
        """The code cells that are Python, with their facts."""
        each = zip(self.notebook.cells, self.facts, strict=True)
        return tuple((cell, facts) for cell, facts in each if facts.python)

    def is_beside(self, module: str) -> bool:
        """Whether a module of this name lies beside the notebook."""
        if self.folder is None:
            return False
        here = os.path.join(self.folder, module)  # noqa: PTH118
        return os.path.lexists(f"{here}.py") or os.path.lexists(here)

    @kept
    def flow(self) -> NotebookFlow:
        """Who defines what whom needs."""
        from handoff_ext.dataflow.notebook import notebook_flow

        return notebook_flow(self.notebook)

    @kept
    def constants(self) -> dict[str, str]:
        """Texts of names that the whole notebook binds once, in one cell."""
        known: dict[str, str] = {}
        twice: set[str] = set()
        for _, facts in self.code:
            for name in facts.walked.constants:
                if name in known or name in twice:
                    twice.add(name)
                    known.pop(name, None)
                elif name in facts.constants:
                    known[name] = facts.constants[name]
                else:
                    twice.add(name)
        return known

    @kept
    def joined(self) -> tuple[tuple[Cell, CellFacts, TextUse, str], ...]:
        """Texts that only constants of other cells complete: cell, its facts, the use, the whole text.

        Whether a piece of it was told before is for the rules to see.
        """
        found = []
        for cell, facts in self.code:
            for use in facts.walked.texts:
                if len(use.parts) == 1 and type(use.parts[0]) is str:
                    continue
                names = [part.name for part in use.parts if type(part) is Ref]
                if any(name not in facts.constants and name in self.constants for name in names):
                    found.append((cell, facts, use, text_of(use.parts, {**self.constants, **facts.constants})))
        return tuple(found)

    @kept
    def bases(self) -> list[str]:
        """The folders near the notebook in which its files may lie."""
        from handoff_ext.checks.paths.locate import bases_near

        return bases_near(self.folder) if self.folder is not None else []

    @kept
    def paths(self) -> tuple[PlacedPath, ...]:
        """Paths that the code names, told once each."""
        from handoff_ext.checks.paths.placed import placed_paths

        return tuple(placed_paths(self))

    @kept
    def text(self) -> str:
        """All code, one cell after the other."""
        return "\n".join(facts.source for _, facts in self.code)

    @kept
    def story(self) -> Story:
        """Who learns from which rows; empty where nothing is fitted."""
        from handoff_ext.checks.learning.events import Story
        from handoff_ext.checks.learning.interpreter import story_of

        if not any(word in self.text for word in _LEARNS) and not _FITS.search(self.text):
            return Story()
        return story_of(self) if self.tell is None else self.tell(self)

    @kept
    def trains(self) -> bool:
        """Whether there is a model to hand over."""
        story = self.story
        if story.trained or story.models:
            return True
        return any(word in self.text for word in _TRAINING) and bool(_TRAINS.search(self.text))

    @kept
    def missing(self) -> tuple[Missing, ...]:
        """Names that a fresh run would not find."""
        from handoff_ext.checks.state import missing_names

        return tuple(missing_names(self))

    @kept
    def parameters(self) -> Cell | None:
        """The cell that Papermill's parameters follow."""
        return next((cell for cell in self.notebook.code if "parameters" in cell.tags), None)
