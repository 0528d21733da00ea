"""An input that is known only after the event.

## What
A column that the plan says is not known when deciding; or one that is measured at the same time as what the target is
made of
(`dep_delay` beside `arr_delay`). That a column is too good to be true is measured when the pipeline has run.

## Why
The metric is computed with a value that will be missing whenever the model is needed.

## Example
    features = ["distance", "hour", "dep_delay"]  # the target is made of arr_delay

## Use instead
Leave it out, or say in the plan that it is known: `columns: {dep_delay: {known_when_deciding: true, reason: ...}}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.columns import leave_out, list_of
from handoff_ext.checks.learning.columns import roots
from handoff_ext.checks.learning.features import known_afterwards, pairs_of
from handoff_ext.checks.learning.hits import spot_of
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such column."""
    story = notebook.story
    told: set[str] = set()
    for pair in pairs_of(story):
        for column, said in known_afterwards(story, pair, notebook.plan):
            if column in told:
                continue
            told.add(column)
            sources = sorted(roots(story, pair.y.frame, pair.y.only or ()) - (pair.y.only or frozenset()))
            like = f", like `{sources[0][:30]}`" if sources and not said else ""
            what = "is not known when deciding, says the plan" if said else f"is known only afterwards{like}"
            yield Hit(
                spot=spot_of(notebook, pair.place),
                message=f"`{column[:30]}` {what}. Leave it out, or say why it is known.",
                anchor=column,
                cell=pair.place.cell,
                confidence="high" if pair.x.only is not None else "medium",
                severity="error" if said else None,
                fixable=list_of(notebook, column) is not None,
                subject=column,
            )


RULE = Rule(
    code="FEAT002",
    name="known-afterwards",
    severity="warning",
    why="The value will be missing whenever the model is needed.",
    notebook=check,
    fix=leave_out,
)
