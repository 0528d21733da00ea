"""Packages installed from inside the notebook.

## What
`!pip install`, `%pip install`, `!conda install`, `!apt-get install`.

## Why
Every run changes the environment it runs in, and with it what other notebooks compute; a pipeline would install at
every stage.

## Example
    !pip install lightgbm==4.5.0

## Use instead
A line in `requirements.txt`; publishing writes the exact package list.
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.packages.hits import fix_install, install_hit
from handoff_ext.checks.packages.installs import installs_of
from handoff_ext.checks.rule import Hit, Rule


def check(facts: CellFacts) -> Iterator[Hit]:
    """One hit for each install of exact versions."""
    for install in installs_of(facts):
        if not install.python or not install.unpinned:
            yield install_hit(facts, install, "{what}: installed from inside the notebook. Use requirements.txt.")


RULE = Rule(
    code="ENV002",
    name="inline-install",
    severity="warning",
    why="Every run changes the environment it runs in, and what other notebooks compute.",
    cell=check,
    fix=fix_install,
)
