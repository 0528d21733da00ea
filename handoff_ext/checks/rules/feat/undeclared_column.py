"""A model input that the plan does not list.

## What
The plan declares columns; the model uses one that is not among them.

## Why
Nobody said whether it is known in time, personal, or in which unit.

## Example
    columns: {distance: {unit: miles}}  # and the model uses `carrier` too

## Use instead
Add the column to the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.features import pairs_of
from handoff_ext.checks.learning.hits import spot_of
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each column that the model certainly uses and a plan with columns leaves out."""
    columns = notebook.plan.get("columns") if notebook.plan is not None else None
    if not isinstance(columns, Mapping) or not columns:
        return
    told: set[str] = set()
    for pair in pairs_of(notebook.story):
        for column in sorted((pair.x.only or frozenset()) - set(columns) - told):
            told.add(column)
            yield Hit(
                spot=spot_of(notebook, pair.place),
                message=f"`{column[:40]}` is an input, and the plan's columns don't list it.",
                anchor=column,
                cell=pair.place.cell,
            )


RULE = Rule(
    code="FEAT004",
    name="undeclared-column",
    severity="info",
    why="Nobody said whether it is known in time, personal, or in which unit.",
    notebook=check,
)
