"""A package is newer than the one the notebook was run with.

## What
An output lists versions (`pip list`, `pip freeze`, `watermark`, `print(pd.__version__)`), or the metadata has
`packages`; or `requirements.txt`, `requirements.lock` or `pylock.toml` near the notebook has an exact version. Where
the notebook runs, an imported one is newer by its first number.

## Why
A first number goes up when something old is taken away: after a missing package, the most frequent reason for failing.

## Example
    print(pd.__version__)  # printed 1.3.4; pandas here is 3.0.1

## Use instead
A line in `requirements.txt`: `pandas==1.3.4`; or run the notebook again from top to bottom and save it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.draft import Draft
from handoff_ext.checks.packages.declared import declared_near, normal, pinned_near
from handoff_ext.checks.packages.distributions import distribution_of
from handoff_ext.checks.packages.installed import installed_version
from handoff_ext.checks.packages.saved import is_newer, saved_versions
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such package, where it is imported first."""
    saved, pinned = saved_versions(notebook), pinned_near(notebook.folder)
    told: set[str] = set()
    for cell, facts in notebook.code if saved or pinned else ():
        for use in facts.walked.imports:
            for module in _modules(use.node):
                distribution = distribution_of(module)
                name = normal(distribution)
                known = saved.get(name) or saved.get(normal(module.partition(".")[0]))
                locked, file = pinned.get(name, ("", ""))
                if not (known or locked) or distribution in told:
                    continue
                told.add(distribution)
                here = installed_version(distribution, notebook.notebook.kernel)
                if not here or not is_newer(here, known or locked):
                    continue
                message = f"Run with {distribution[:40]} {known}, here is {here[:20]}. Pin it, or run it again here."
                if locked and (not known or locked == known):
                    message = (
                        f"{file} has {distribution[:40]} {locked[:20]}, here is {here[:20]}. Install what it lists."
                    )
                yield Hit(
                    spot=facts.spot(use.node),
                    message=message,
                    anchor=distribution,
                    cell=cell.index,
                    confidence="medium",
                    fixable=name not in declared_near(notebook.folder),
                    subject=f"{distribution}=={known}",
                )


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if node.module and not node.level else []


def fix(draft: Draft, cell_index: int, hit: Hit) -> None:  # noqa: ARG001
    """Pin the version that the notebook was run with."""
    draft.files.setdefault("requirements.txt", []).append(str(hit.subject))


RULE = Rule(
    code="ENV006",
    name="newer-package",
    severity="info",
    why="Old code meets new versions: what it calls may be gone, or give something else.",
    notebook=check,
    fix=fix,
)
