"""A module from outside the project.

## What
A module that is found only because the notebook adds a folder above it, or one of this computer, to `sys.path`; a
relative
import, which a notebook cannot do.

## Why
The module does not come with the notebook, and a package list cannot name it.

## Example
    sys.path.append("../shared")
    import cleaning

## Use instead
Put the module beside the notebook, or make it a package and declare it.

There is no fix: which of the folders on that computer holds the module, and whether it may be copied, the notebook
does not say.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.packages.installed import is_installed
from handoff_ext.checks.rule import Hit, Rule

_ADDED = re.compile(r"sys\.path\.(?:insert|append|extend)|site\.addsitedir")


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such module, where it is imported first."""
    added = False
    told: set[str] = set()
    for cell, facts in notebook.code:
        added = added or any(_ADDED.fullmatch(call.name) and _leads_out(call.node) for call in facts.walked.calls)
        for use in facts.walked.imports:
            node = use.node
            if isinstance(node, ast.ImportFrom) and node.level:
                message = "A notebook cannot import relatively. Name the module, and put it beside the notebook."
                yield Hit(spot=facts.spot(node), message=message, anchor=node.module or ".", cell=cell.index)
                continue
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for module in names if added else ():
                top = module.partition(".")[0]
                if not top or top in told or notebook.is_beside(top) or is_installed(top, notebook.notebook.kernel):
                    continue
                told.add(top)
                message = (
                    f"`{top[:40]}` comes from outside the project. Put it beside the notebook, or declare its package."
                )
                yield Hit(spot=facts.spot(node), message=message, anchor=top, cell=cell.index, confidence="medium")


def _leads_out(call: ast.Call) -> bool:
    texts = [each.value for each in ast.walk(call) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return any(text.startswith(("..", "/", "~")) or re.match(r"[A-Za-z]:[\\/]", text) for text in texts)


RULE = Rule(
    code="ENV004",
    name="local-module",
    severity="warning",
    why="The module does not come with the notebook, and a package list cannot name it.",
    notebook=check,
)
