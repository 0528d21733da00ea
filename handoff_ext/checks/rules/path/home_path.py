"""A path in one person's home folder.

## What
`~/...`, `expanduser`, `Path.home()`, `/home/x`, `/Users/x`, `C:\\Users\\x`.

## Why
Everybody else's home folder holds other files, and the path tells the person's login.

## Example
    rows = pd.read_csv("/home/joe/churn/rows.csv")

## Use instead
    ROWS_CSV = "data/rows.csv"  # in the cell tagged `parameters`
    rows = pd.read_csv(ROWS_CSV)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.paths import fix_path
from handoff_ext.checks.paths.hits import path_hit, told
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such path that is not written to, imported from or named in a magic."""
    for placed in told(notebook, {"home"}):
        settings = re.match(r"~/\.\w", placed.use.text)
        yield path_hit(placed, MESSAGE, "info" if settings else "warning" if placed.use.text == "~" else None)


MESSAGE = "`{path}` is in one person's home folder. Make it a parameter."
RULE = Rule(
    code="PATH002",
    name="home-path",
    severity="error",
    why="Only one person has this folder: for everybody else the notebook stops here.",
    notebook=check,
    fix=fix_path,
)
