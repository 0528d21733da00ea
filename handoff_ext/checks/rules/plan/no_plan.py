"""A model without a plan.

## What
The notebook trains a model, and there is no `NAME.handoff.yaml` beside it.

## Why
Who answers for the model, which decision it helps, when nobody should trust it, what happens when it fails: only
people can say, and
those who take over will ask.

## Example
    churn.ipynb

## Use instead
    churn.ipynb
    churn.handoff.yaml  # the sidebar's form writes it: six questions
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.draft import Draft
from handoff_ext.checks.learning.answers import FORM
from handoff_ext.checks.rule import TOP, Hit, Rule

_LINES = ("version: 1", *FORM.values())


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for the notebook."""
    if notebook.plan is None and notebook.trains:
        name = PurePath(notebook.notebook.path).stem
        message = f"There is no plan for this model. Answer the six questions, or write {name[:50]}.handoff.yaml."
        yield Hit(spot=TOP, message=message, anchor="plan", cell=-1, fixable=True, subject=f"{name}.handoff.yaml")


def fix(draft: Draft, cell_index: int, hit: Hit) -> None:  # noqa: ARG001
    """A plan with empty answers."""
    draft.files.setdefault(str(hit.subject), []).extend(_LINES)


RULE = Rule(
    code="PLAN010",
    name="no-plan",
    severity="info",
    why="Those who take over will ask what only the author can say.",
    notebook=check,
    fix=fix,
)
