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
from handoff_ext.checks.fixing.draft import Draft
from handoff_ext.checks.learning.randomness import is_seeded, unseeded
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
    message = f"`{name[:40]}` draws random numbers without a seed{more}. Set random_state, or seed once at the top."
    yield Hit(spot=facts.spot(node), message=message, anchor="seed", cell=cell.index, fixable=True)


def fix(draft: Draft, cell_index: int, hit: Hit) -> None:  # noqa: ARG001
    """A cell that seeds Python and numpy, behind the imports."""
    draft.insert(cell_index, "import random\n\nimport numpy as np\n\nrandom.seed(0)\nnp.random.seed(0)")


RULE = Rule(
    code="PLAN001",
    name="no-seed",
    severity="warning",
    why="Every run gives another model and another metric: nobody can tell a mistake from chance.",
    notebook=check,
    fix=fix,
)
