"""A password or key written into the code.

## What
A text given to a name, keyword, dict key, environment variable, default or comparison that announces a secret
(`password`,
`api_key`, `client_secret`, `Authorization`), to `auth=(user, password)`, or to a login call by position.

## Why
Whoever gets the notebook gets the access, and so does everybody who sees its history.

## Example
    conn = connect(host="db", user="joe", password="...")

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
    """One hit for each secret that its name gives away."""
    return secret_hits(facts, "named", "{what}, in the code. Move it to the environment variable {variable}.")


RULE = Rule(
    code="CRED002",
    name="hardcoded-password",
    severity="error",
    why="Whoever gets the notebook gets this access.",
    cell=check,
    fix=fix_secret,
)
