"""A password or key in a magic or a shell line.

## What
`%env KEY=...`, `!export KEY=...`, `!git clone https://user:token@...`, `%sql scheme://user:password@...`, `!mysql
-p...`.

## Why
Whoever gets the notebook gets the access, and so does everybody who sees its history.

## Example
    %env API_KEY=...

## Use instead
    !git clone https://$GIT_TOKEN@github.com/acme/rows
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.fixing.secrets import fix_secret
from handoff_ext.checks.rule import Hit, Rule
from handoff_ext.checks.secrets.hits import secret_hits


def check(facts: CellFacts) -> Iterable[Hit]:
    """One hit for each secret in a magic or command."""
    return secret_hits(facts, "magic", "{what}, in a command. Move it to the environment variable {variable}.")


RULE = Rule(
    code="CRED004",
    name="secret-in-magic",
    severity="error",
    why="Whoever gets the notebook gets this access.",
    cell=check,
    fix=fix_secret,
)
