"""Random numbers without a seed.

## What
Splits, forests, networks, samples draw random numbers, and nothing sets a seed. One finding a notebook.

## Why
Every run gives another model and another metric: nobody can tell a mistake from chance, and a handed-over pipeline
cannot be proved to
compute the same.

## Example
    X_train, X_test = train_test_split(X)

## Use instead
    X_train, X_test = train_test_split(X, random_state=0)
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.facts.text import dotted
from handoff_ext.checks.fixing.draft import Draft
from handoff_ext.checks.learning.randomness import is_seeded, seeding, unseeded
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit, at the first call that draws."""
    if not notebook.trains:
        return
    found = list(unseeded(notebook))
    if not found or is_seeded(notebook):
        return
    cell, facts, node, name = found[0]
    others = len(found) - 1
    more = (", and so does 1 more call" if others == 1 else f", and so do {others} more calls") if others else ""
    todo = "Give it a seed" if name == "randomSplit" else "Set random_state, or seed once at the top"
    message = f"`{name[:40]}` draws random numbers without a seed{more}. {todo}."
    yield Hit(spot=facts.spot(node), message=message, anchor="seed", cell=cell.index, fixable=True)


def fix(draft: Draft, cell_index: int, hit: Hit) -> None:  # noqa: ARG001
    """A cell that seeds what draws, in front of the first that does; Spark's splits have a seed of their own."""
    names = set()
    for cell, facts, call, name in unseeded(draft.notebook):
        if name == "randomSplit":
            _, end = draft.span(cell.index, facts.spot(call))
            closed = facts.source[: end - 1].rstrip().endswith(",")
            draft.replace(cell.index, end - 1, end - 1, " seed=0" if closed else ", seed=0")
        else:
            names.add(dotted(call.func))
    if names:
        draft.insert(cell_index, seeding(names, draft.notebook.text))


RULE = Rule(
    code="PLAN001",
    name="no-seed",
    severity="warning",
    why="Every run gives another model and another metric: nobody can tell a mistake from chance.",
    notebook=check,
    fix=fix,
)
