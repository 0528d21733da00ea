"""An import that no installed or declared package answers.

## What
A module that is neither in Python, nor installed where the notebook runs, nor beside the notebook, nor declared in
`requirements.txt`, `pyproject.toml` or the like; and modules that only a hosted platform has. Imports in a `try` or
an `if` are
left alone.

## Why
The most frequent reason why a notebook does not run for somebody else. The package often has another name than the
module.

## Example
    import cv2

## Use instead
A line in `requirements.txt`: `opencv-python`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.draft import Draft
from handoff_ext.checks.packages.declared import declared_near, normal
from handoff_ext.checks.packages.distributions import DISTRIBUTIONS, HOSTED, distribution_of
from handoff_ext.checks.packages.installed import is_installed
from handoff_ext.checks.packages.installs import installed_inline
from handoff_ext.checks.packages.outside import outside_modules
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such module, where it is imported first."""
    declared: frozenset[str] | None = None
    inline = installed_inline(notebook)
    outside = {top for _, _, _, top in outside_modules(notebook)}  # ENV004 tells of them
    told: set[str] = set()
    for cell, facts in notebook.code:
        for use in facts.walked.imports:
            for module in _modules(use.node):
                top = module.partition(".")[0]
                platform = _platform(module, top)
                hosted, name = (HOSTED[platform], platform) if platform else ("", top)
                if use.guarded or name in told or (not hosted and is_installed(top, notebook.notebook.kernel)):
                    continue
                if top in outside or notebook.is_beside(top):
                    continue
                told.add(name)
                distribution = distribution_of(module)
                if declared is None:
                    declared = declared_near(notebook.folder)
                if not hosted and normal(distribution) in declared | inline:
                    continue
                known = module in DISTRIBUTIONS or top in DISTRIBUTIONS
                yield Hit(
                    spot=facts.spot(use.node),
                    message=_message(name, distribution, hosted, known),
                    anchor=name,
                    cell=cell.index,
                    confidence="high" if known or hosted else "medium",
                    fixable=known and not hosted,
                    safe=known and not hosted,
                    subject=distribution,
                )


_TOPS = frozenset(each.partition(".")[0] for each in HOSTED)


def _platform(module: str, top: str) -> str:
    """The module that only a hosted platform has, of which this one is a part."""
    if top not in _TOPS:
        return ""
    return next((each for each in HOSTED if module == each or module.startswith(f"{each}.")), "")


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if node.level or not node.module:
        return []
    whole = f"{node.module}.{node.names[0].name}"
    return [whole if whole in HOSTED else node.module]


def _message(module: str, distribution: str, hosted: str, known: bool) -> str:
    if hosted:
        return f"`{module}` exists in {hosted} only. Put it in an if or a try, or leave it out."
    if known:
        return f"`{module}` is not installed here. Write {distribution} in requirements.txt."
    return f"`{module[:40]}` is neither installed nor beside the notebook. Add the file or name its package."


def fix(draft: Draft, cell_index: int, hit: Hit) -> None:  # noqa: ARG001
    """Declare the package."""
    draft.files.setdefault("requirements.txt", []).append(str(hit.subject))


RULE = Rule(
    code="ENV001",
    name="not-installed",
    severity="warning",
    why="Missing packages are the most frequent reason why a notebook does not run for others.",
    notebook=check,
    fix=fix,
)
