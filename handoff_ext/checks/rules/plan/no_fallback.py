"""Nobody said what answers when the model fails.

## What
`fallback.kind` of the plan is empty.

## Why
The model will fail or be unsure one day, and the work will not wait.

## Example
    fallback: {kind: null}

## Use instead
    fallback: {kind: person, note: "the gate agent decides"}

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
        notebook, ("fallback.kind",), "The plan has no fallback. What answers when the model fails or is unsure?"
    )


RULE = Rule(
    code="PLAN015",
    name="no-fallback",
    severity="info",
    why="The model will fail one day, and the work will not wait.",
    notebook=check,
    fix=ask,
)
