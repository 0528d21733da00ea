"""A path from the root of one computer's disk.

## What
A file or folder named from the root: `/data/...`, `D:\\...`, `\\\\server\\share`, `/tmp/...`, written as one text or
put together with `+`, f-strings, `.format`, `os.path.join` or `Path`.

## Why
On any other computer the file is somewhere else, so the notebook stops at this line.

## Example
    rows = pd.read_csv("D:\\\\projects\\\\churn\\\\rows.csv")

## Use instead
    ROWS_CSV = "data/rows.csv"  # in the cell tagged `parameters`
    rows = pd.read_csv(ROWS_CSV)
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.paths import fix_path
from handoff_ext.checks.paths.hits import path_hit, told
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such path that is not written to, imported from or named in a magic."""
    for placed in told(notebook, {"absolute", "share", "temporary"}):
        yield path_hit(placed, MESSAGE, "warning" if placed.use.kind == "temporary" else None)


MESSAGE = "`{path}` is not on other computers. Make it a parameter."
RULE = Rule(
    code="PATH001",
    name="absolute-path",
    severity="error",
    why="Other computers don't have this path: the notebook stops here.",
    notebook=check,
    fix=fix_path,
)
