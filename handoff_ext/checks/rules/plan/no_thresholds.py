"""Nobody said from which score on to act.

## What
`thresholds` of the plan is empty.

## Why
A score is not a decision: everybody draws the line elsewhere.

## Example
    thresholds: {decision: null}

## Use instead
    thresholds: {decision: 0.4, why: "one alarm in three is right"}

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
        ("thresholds.decision", "thresholds.normal_low", "thresholds.normal_high", "thresholds.escalate_when"),
        "The plan has no thresholds. From which score on should someone act?",
    )


RULE = Rule(
    code="PLAN014",
    name="no-thresholds",
    severity="info",
    why="A score is not a decision: everybody draws the line elsewhere.",
    notebook=check,
    fix=ask,
)
