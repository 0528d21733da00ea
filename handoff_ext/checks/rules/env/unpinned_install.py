"""Packages installed from inside the notebook, in whatever version is newest that day.

## What
`!pip install name` without `==`, or from a repository without a commit.

## Why
Next month it is another version: results change or the notebook stops, and nobody knows which version it was written
for.

## Example
    !pip install lightgbm

## Use instead
A line in `requirements.txt`: `lightgbm==4.5.0`.
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.packages.hits import fix_install, install_hit
from handoff_ext.checks.packages.installs import installs_of
from handoff_ext.checks.rule import Hit, Rule


def check(facts: CellFacts) -> Iterator[Hit]:
    """One hit for each install in which a package has no exact version."""
    for install in installs_of(facts):
        if install.python and install.unpinned:
            yield install_hit(
                facts, install, "{what}: installed without a version. Pin it in requirements.txt.", install.unpinned
            )


RULE = Rule(
    code="ENV003",
    name="unpinned-install",
    severity="warning",
    why="Next month it is another version, and nobody knows which one the notebook was written for.",
    cell=check,
    fix=fix_install,
)
