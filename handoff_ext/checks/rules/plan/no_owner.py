"""Nobody answers for the model.

## What
`owner.name` of the plan is empty.

## Why
When it goes wrong, nobody is called, and nobody may change it.

## Example
    owner: {name: ""}

## Use instead
    owner: {name: "Ada Byron", contact: "ada@acme.io"}

The fix writes the question into the plan, with an empty answer: what to say, only a person knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.answers import ask, unanswered
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit where the plan does not say."""
    yield from unanswered(
        notebook, ("owner.name",), "The plan names no owner. Who answers for this model? A person, not a team."
    )


RULE = Rule(
    code="PLAN011",
    name="no-owner",
    severity="info",
    why="When the model goes wrong, nobody is called.",
    notebook=check,
    fix=ask,
)
