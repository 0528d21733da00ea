"""Findings about paths: which rule tells of which path, and in which words."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.paths.placed import PlacedPath
from handoff_ext.checks.paths.recognise import PathKind
from handoff_ext.checks.paths.words import short
from handoff_ext.checks.rule import Hit
from handoff_ext.contracts.finding import Severity


def told(notebook: NotebookFacts, kinds: Collection[PathKind]) -> Iterator[PlacedPath]:
    """Paths of these kinds that Python code reads or names."""
    for placed in notebook.paths:
        if placed.use.kind in kinds and placed.use.action not in ("write", "import", "run"):
            yield placed


def path_hit(placed: PlacedPath, message: str, severity: Severity | None = None) -> Hit:
    """The finding for one path. ``message`` has a field ``{path}``."""
    use = placed.use
    text = message.format(path=short(use.text))
    if placed.safe and placed.fixable and placed.default is not None and use.action == "read":
        text = text.replace("Make it a parameter.", f"Use {short(placed.default, 30)} instead.")
    return Hit(
        spot=use.spot,
        message=text,
        anchor=use.text,
        cell=placed.cell.index,
        confidence="high" if use.sure else "medium",
        severity=severity,
        fixable=placed.fixable,
        safe=placed.safe,
        subject=placed,
    )
