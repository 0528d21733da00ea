"""Nobody said when the model is trained again.

## What
`retraining` of the plan is empty.

## Why
A model of last year answers for last year.

## Example
    retraining: {trigger: ""}

## Use instead
    retraining: {trigger: "AUC below 0.70", approver: "Ada Byron"}

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
        notebook,
        ("retraining.trigger", "retraining.approver"),
        "The plan does not say when the model is trained again, and who says yes.",
    )


RULE = Rule(
    code="PLAN017",
    name="no-retraining",
    severity="info",
    why="A model of last year answers for last year.",
    notebook=check,
    fix=ask,
)
