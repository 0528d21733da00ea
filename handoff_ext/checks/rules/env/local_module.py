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

A relative import of a module that lies beside the notebook is rewritten, when asked: it never ran as it stands. For a
module of another folder there is no fix: it may be many files, with data and imports of their own, and whether it may
be copied the notebook does not say.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.draft import Draft
from handoff_ext.checks.packages.outside import outside_modules
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such module, where it is imported first."""
    for cell, facts in notebook.code:
        for use in facts.walked.imports:
            node = use.node
            if isinstance(node, ast.ImportFrom) and node.level:
                message = "A notebook cannot import relatively. Name the module, and put it beside the notebook."
                plain = _plain(notebook, node)
                yield Hit(
                    spot=facts.spot(node),
                    message=message,
                    anchor=node.module or ".",
                    cell=cell.index,
                    fixable=bool(plain),
                    subject=plain,
                )
    for index, facts, statement, top in outside_modules(notebook):
        message = f"`{top[:40]}` comes from outside the project. Put it beside the notebook, or declare its package."
        yield Hit(spot=facts.spot(statement), message=message, anchor=top, cell=index, confidence="medium")


def _plain(notebook: NotebookFacts, node: ast.ImportFrom) -> str:
    """The import without its dot, where the module lies beside the notebook; else empty."""
    if node.level != 1:
        return ""
    modules = [node.module.partition(".")[0]] if node.module else [each.name for each in node.names]
    if not all(notebook.is_beside(each) for each in modules):
        return ""
    plain = ast.ImportFrom(node.module, node.names, 0) if node.module else ast.Import(node.names)
    return ast.unparse(plain)


def fix(draft: Draft, cell_index: int, hit: Hit) -> None:
    """Take the dot away."""
    start, end = draft.span(cell_index, hit.spot)
    draft.replace(cell_index, start, end, str(hit.subject))


RULE = Rule(
    code="ENV004",
    name="local-module",
    severity="warning",
    why="The module does not come with the notebook, and a package list cannot name it.",
    notebook=check,
    fix=fix,
)
