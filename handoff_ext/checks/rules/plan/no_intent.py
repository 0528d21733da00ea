"""Nobody said what the model is for.

## What
`intent` of the plan is empty.

## Why
Without the decision it helps, nobody can say whether it helps.

## Example
    intent: {decision: ""}

## Use instead
    intent: {decision: "Plan gates early", good_outcome: "fewer missed connections"}

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
        ("intent.decision", "intent.problem", "intent.good_outcome"),
        "The plan does not say which decision the model helps, and what is better then.",
    )


RULE = Rule(
    code="PLAN012",
    name="no-intent",
    severity="info",
    why="Without the decision it helps, nobody can say whether it helps.",
    notebook=check,
    fix=ask,
)
