"""Nobody said when not to trust the model.

## What
`limitations` of the plan is empty.

## Why
Every model has cases it is wrong about; those who use it should not have to find them.

## Example
    limitations: []

## Use instead
    limitations: ["Not on snow days."]

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
        notebook, ("limitations",), "The plan names no limitations. When should nobody trust the model?"
    )


RULE = Rule(
    code="PLAN013",
    name="no-limitations",
    severity="info",
    why="Those who use the model should not have to find out when it is wrong.",
    notebook=check,
    fix=ask,
)
