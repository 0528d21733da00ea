"""Findings about learning: a leak's words at its place."""

from __future__ import annotations

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.leaks import Leak
from handoff_ext.checks.learning.values import Place
from handoff_ext.checks.rule import Hit, Spot


def spot_of(notebook: NotebookFacts, place: Place) -> Spot:
    """Lines and columns of a place."""
    return notebook.facts[place.cell].spot(place.node)


def leak_hit(notebook: NotebookFacts, leak: Leak) -> Hit:
    """The finding for one leak."""
    return Hit(
        spot=spot_of(notebook, leak.place),
        message=leak.words[:140],
        anchor=leak.anchor,
        cell=leak.place.cell,
        confidence="high" if leak.sure else "medium",
        severity="info" if leak.mild else None,
    )
