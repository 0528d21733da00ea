"""Does a notebook train a model?"""

from __future__ import annotations

from handoff_ext.cells.model import Notebook
from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.facts.notebook import NotebookFacts


def trains_model(notebook: Notebook) -> bool:
    """Whether there is a model to hand over: something is fitted that predicts."""
    python = notebook.language == "python"
    facts = tuple(CellFacts(cell.kind, cell.source, python) for cell in notebook.cells)
    return NotebookFacts(notebook, facts, None, None).trains
