"""Python is newer than the notebook says.

## What
The notebook's metadata names the Python it was saved with. A cell uses syntax that came later, or Python here is
newer: then its
packages are too.

## Why
Old code meets new versions: the most frequent reason for failing after a missing package.

## Example
    "language_info": {"version": "3.6.9"}, run with Python 3.11

## Use instead
Run it again from top to bottom here and save it, or run it with a kernel of its own age.

There is no fix but a run: only running it again shows whether it still computes the same. Another version in the
metadata would say what never happened, and a line that asks for the old Python would hold all others to it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.packages.installed import environment_of
from handoff_ext.checks.rule import TOP, Hit, Rule

_WORDS = (":=", "match ", "except*", "except *", " /,", " /)", ",/,", ",/)")


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for the notebook; or one where newer syntax proves it."""
    info = notebook.notebook.metadata.get("language_info")
    version = info.get("version") if isinstance(info, dict) else None
    match = re.match(r"(\d+)\.(\d+)", version) if isinstance(version, str) else None
    if not match:
        return
    saved = int(match[1]), int(match[2])
    words = [word for word in _WORDS if word in notebook.text] if saved < (3, 11) else []
    for cell, facts in notebook.code if words else ():
        if facts.parsed.tree is None or not any(word in facts.source for word in words):
            continue
        for node in ast.walk(facts.parsed.tree):
            needed = _since(node)
            if needed > saved:
                text = f"{saved[0]}.{saved[1]}"
                message = f"This needs Python {needed[0]}.{needed[1]}; the notebook says it was saved with {text}."
                yield Hit(spot=facts.spot(node), message=message, anchor="syntax", cell=cell.index, severity="warning")
                return
    if environment_of(notebook.notebook.kernel) is None and sys.version_info[:2] > saved:
        here = f"{sys.version_info[0]}.{sys.version_info[1]}"
        message = f"Saved with Python {saved[0]}.{saved[1]}, here is {here}: run it again from top to bottom."
        yield Hit(spot=TOP, message=message, anchor="python", cell=-1, confidence="medium")


def _since(node: ast.AST) -> tuple[int, int]:
    if isinstance(node, ast.NamedExpr) or (isinstance(node, ast.arguments) and node.posonlyargs):
        return 3, 8
    if isinstance(node, ast.Match):
        return 3, 10
    return (3, 11) if isinstance(node, ast.TryStar) else (0, 0)


RULE = Rule(
    code="ENV005",
    name="newer-python",
    severity="info",
    why="Old code meets new versions of Python and of its packages.",
    notebook=check,
)
