"""A private bucket or host, named in the code.

## What
`s3://bucket/...`, `gs://...`, `hdfs://...` and the like that are not known public data, and URLs of `localhost`,
private
addresses (`10.x`, `192.168.x`) and internal host names.

## Why
Others have no access, or have it under another name; nothing in the notebook says whom to ask.

## Example
    rows = pd.read_parquet("s3://acme-analytics/churn/rows.parquet")

## Use instead
    ROWS_URI = "s3://acme-analytics/churn/rows.parquet"  # in the cell tagged `parameters`
    rows = pd.read_parquet(ROWS_URI)
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.paths import fix_path
from handoff_ext.checks.paths.hits import path_hit
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each private URI outside the parameters' cell."""
    for placed in notebook.paths:
        if placed.use.kind != "private" or placed.use.action == "run":
            continue
        if notebook.parameters is None or placed.cell.index != notebook.parameters.index:
            yield path_hit(placed, "`{path}` is a private place. Make it a parameter, so that others can name theirs.")


RULE = Rule(
    code="PATH007",
    name="private-uri",
    severity="warning",
    why="Others have no access to this place, or have it under another name.",
    notebook=check,
    fix=fix_path,
)
