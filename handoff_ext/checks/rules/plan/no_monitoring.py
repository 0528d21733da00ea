"""Nobody will notice when the model is wrong.

## What
`monitoring` of the plan is empty.

## Why
Models get worse silently: the world changes, the answers keep coming.

## Example
    monitoring: {check_every: null}

## Use instead
    monitoring: {check_every: daily, truth_after_days: 1, tell: "ada@acme.io"}

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
        ("monitoring.check_every", "monitoring.watch"),
        "The plan has no monitoring. How will anybody notice that the model is wrong?",
    )


RULE = Rule(
    code="PLAN016",
    name="no-monitoring",
    severity="info",
    why="Models get worse silently: the world changes, the answers keep coming.",
    notebook=check,
    fix=ask,
)
