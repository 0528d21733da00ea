"""A password or key inside a URL.

## What
`scheme://user:password@host`, keys in query strings (`?api_key=...`), passwords in connection strings (`Pwd=...;`).

## Why
Whoever gets the notebook gets the access, and so does everybody who sees its history.

## Example
    engine = create_engine("postgresql://joe:...@db.acme.io/sales")

## Use instead
    engine = create_engine(f"postgresql://joe:{os.environ['POSTGRES_PASSWORD']}@db.acme.io/sales")
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.fixing.secrets import fix_secret
from handoff_ext.checks.rule import Hit, Rule
from handoff_ext.checks.secrets.hits import secret_hits


def check(facts: CellFacts) -> Iterable[Hit]:
    """One hit for each secret in a URL or connection string."""
    return secret_hits(facts, "url", "{what}. Move it to the environment variable {variable}.")


RULE = Rule(
    code="CRED003",
    name="password-in-url",
    severity="error",
    why="Whoever gets the notebook gets this access.",
    cell=check,
    fix=fix_secret,
)
