"""Does a notebook train a model?"""

from __future__ import annotations

from handoff_ext.cells.model import Notebook


def trains_model(notebook: Notebook) -> bool:
    """Whether there is a model to hand over: something fitted that can predict."""
    raise NotImplementedError
