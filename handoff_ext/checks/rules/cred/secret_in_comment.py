"""A password or key in a comment.

## What
A secret that was commented out, or noted down behind a `#`.

## Why
Whoever gets the notebook gets the access, and so does everybody who sees its history.

## Example
    # api_key = "sk-..."

## Use instead
    # the key is in the environment, see .env.example
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.fixing.secrets import fix_secret
from handoff_ext.checks.rule import Hit, Rule
from handoff_ext.checks.secrets.hits import secret_hits


def check(facts: CellFacts) -> Iterable[Hit]:
    """One hit for each secret in a comment."""
    return secret_hits(facts, "comment", "{what}, in a comment. Remove it.")


RULE = Rule(
    code="CRED005",
    name="secret-in-comment",
    severity="error",
    why="Whoever gets the notebook gets this access.",
    cell=check,
    fix=fix_secret,
)
