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

The fix reads the whole from the environment and empties the pieces. It is offered, not among the safe ones: a piece may
be used apart.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.facts.text import HOLE, Ref
from handoff_ext.checks.fixing.draft import Draft
from handoff_ext.checks.rule import Hit, Rule
from handoff_ext.checks.secrets.hits import secret_hit
from handoff_ext.checks.secrets.shown import shown
from handoff_ext.checks.secrets.uses import SecretUse, secret_of


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each text that is a secret once the constants of other cells are known."""
    values = {secret.value for _, facts in notebook.code for secret in facts.secrets}
    for cell, facts, use, text in notebook.joined:
        secret = secret_of(use, text, facts)
        if secret is None or secret.place == "random" or any(value in text for value in values):
            continue
        hit = secret_hit(secret, "{what}, in pieces. Move it to the environment variable {variable}.", cell.index)
        names = frozenset(part.name for part in use.parts if type(part) is Ref)
        yield replace(hit, fixable=HOLE not in text, safe=False, subject=_Split(secret, text, names))


@dataclass(frozen=True, slots=True)
class _Split:
    """A secret, the whole text it stands in, and the names of its pieces."""

    secret: SecretUse
    text: str
    pieces: frozenset[str]


def fix(draft: Draft, cell_index: int, hit: Hit) -> None:
    """Read the whole from the environment, and empty the pieces wherever they are set."""
    split = hit.subject
    assert isinstance(split, _Split)
    secret, text = split.secret, split.text
    for cell, facts in draft.notebook.code:
        for use in facts.walked.texts:
            if use.around.role == "value" and use.around.name in split.pieces and _is_written_out(use.node):
                draft.replace(cell.index, *draft.span(cell.index, facts.spot(use.node)), '""')
    before, _, after = text.partition(secret.value)
    name = draft.environment(secret.variable, secret.value)
    parts = [repr(before)] * bool(before) + [f'os.environ["{name}"]'] + [repr(after)] * bool(after)
    draft.replace(cell_index, *draft.span(cell_index, hit.spot), " + ".join(parts).replace("'", '"'))
    draft.need_os(cell_index)
    for cell in draft.notebook.notebook.code:
        if any(secret.value in output.text for output in cell.outputs):
            draft.clear(cell.index)
    draft.advise(f"Change the {shown(secret.kind, secret.value)}: who had the notebook has it, and so has its history.")


def _is_written_out(node: ast.expr) -> bool:
    """Whether the text is all there: ``"a"``, ``"a" + "b"``."""
    if type(node) is ast.BinOp:
        return _is_written_out(node.left) and _is_written_out(node.right)
    return type(node) is ast.Constant and type(node.value) is str


RULE = Rule(
    code="CRED009",
    name="split-secret",
    severity="error",
    why="Whoever gets the notebook gets this access, in pieces or whole.",
    notebook=check,
    fix=fix,
)
