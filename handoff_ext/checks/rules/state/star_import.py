"""`from module import *`.

## What
A star import, or `%pylab`: names come in that stand nowhere in the notebook.

## Why
Readers and tools cannot tell where a name is from, a new version of the module can overwrite one, and the functions
that use such
names cannot be cut out into a pipeline.

## Example
    from numpy import *

## Use instead
    import numpy as np
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.rule import Hit, Rule, Spot


def check(facts: CellFacts) -> Iterator[Hit]:
    """One hit for each star import."""
    for node in (each.node for each in facts.walked.imports):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            module = "." * node.level + (node.module or "")
            message = f"Names from `{module[:40]}` come in unseen. Import those you use by name."
            yield Hit(spot=facts.spot(node), message=message, anchor=module)
    for magic in facts.parsed.magics:
        if magic.name == "pylab" and "--no-import-all" not in magic.text:
            end = len(facts.lines[magic.line - 1]) + 1
            message = "%pylab brings in hundreds of names unseen. Import numpy and matplotlib by name."
            yield Hit(spot=Spot(magic.line, 1, magic.line, end), message=message, anchor="pylab")


RULE = Rule(
    code="STATE005",
    name="star-import",
    severity="warning",
    why="Nobody can tell where a name is from, and a new version can overwrite one.",
    cell=check,
)
