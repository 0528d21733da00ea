"""A password or key in prose.

## What
A secret in a markdown or raw cell.

## Why
Whoever gets the notebook gets the access, and so does everybody who sees its history.

## Example
    Log in with password: ...

## Use instead
    Log in with the password from the team's vault.
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.fixing.secrets import fix_secret
from handoff_ext.checks.rule import Hit, Rule
from handoff_ext.checks.secrets.hits import secret_hits


def check(facts: CellFacts) -> Iterable[Hit]:
    """One hit for each secret in prose."""
    return secret_hits(facts, "markdown", "{what}, in the text. Remove it.")


RULE = Rule(
    code="CRED006",
    name="secret-in-markdown",
    severity="error",
    why="Whoever gets the notebook gets this access.",
    cell=check,
    fix=fix_secret,
)
