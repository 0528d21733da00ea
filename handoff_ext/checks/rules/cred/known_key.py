"""A key of a known service.

## What
A text of the shape that cloud, model hub, forge, chat and payment services give their keys, a JSON Web Token, a
private key;
also put together from pieces (`"sk-" + ...`). Keys from documentation (`...EXAMPLE`) are not meant.

## Why
Whoever gets the notebook gets the access, and so does everybody who sees its history.

## Example
    openai.api_key = "sk-proj-..."

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
    """One hit for each key that its shape gives away."""
    return secret_hits(facts, "known", "{what}. Move it to the environment variable {variable}.")


RULE = Rule(
    code="CRED001",
    name="known-key",
    severity="error",
    why="Whoever gets the notebook gets this access.",
    cell=check,
    fix=fix_secret,
)
