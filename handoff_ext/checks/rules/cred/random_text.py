"""A long random text where a secret is likely.

## What
A text that looks drawn by a machine, given to a name such as `key`, `auth`, `cookie`, `signature`, `salt`. Hashes,
UUIDs and
revisions under other names are not meant.

## Why
Whoever gets the notebook gets the access, and so does everybody who sees its history.

## Example
    cookies = {"session_id": "..."}

## Use instead
    api_key = os.environ["API_KEY"]  # and a line in .env.example
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.fixing.secrets import fix_secret
from handoff_ext.checks.rule import Hit, Rule
from handoff_ext.checks.secrets.hits import secret_hits


def check(facts: CellFacts) -> Iterable[Hit]:
    """One hit for each random text under a name that fits a secret."""
    return secret_hits(facts, "random", "{what}: looks like a secret. Move it to the environment variable {variable}.")


RULE = Rule(
    code="CRED008",
    name="random-secret",
    severity="warning",
    why="Whoever gets the notebook gets this access.",
    cell=check,
    fix=fix_secret,
)
