"""A key put together from pieces in several cells.

## What
A text that becomes a key or a URL with a password only when constants of other cells are filled in.

## Why
Cutting a key in pieces hides it from scanners, not from readers.

## Example
    prefix = "ghp_"
    # in another cell
    token = prefix + rest

## Use instead
    token = os.environ["GITHUB_TOKEN"]

There is no fix: the pieces stand in several cells and may be used apart, so an edit could break what it does not see.
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.rule import Hit, Rule
from handoff_ext.checks.secrets.hits import secret_hit
from handoff_ext.checks.secrets.uses import secret_of


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each text that is a secret once the constants of other cells are known."""
    values = {secret.value for _, facts in notebook.code for secret in facts.secrets}
    for cell, facts, use, text in notebook.joined:
        secret = secret_of(use, text, facts)
        if secret is None or secret.place == "random" or any(value in text for value in values):
            continue
        hit = secret_hit(secret, "{what}, in pieces. Move it to the environment variable {variable}.", cell.index)
        yield Hit(spot=hit.spot, message=hit.message, anchor=hit.anchor, cell=cell.index, confidence=hit.confidence)


RULE = Rule(
    code="CRED009",
    name="split-secret",
    severity="error",
    why="Whoever gets the notebook gets this access, in pieces or whole.",
    notebook=check,
)
