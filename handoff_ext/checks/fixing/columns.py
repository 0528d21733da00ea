"""Leave a column out: its text goes from the list of features that names it."""

from __future__ import annotations

import ast
import re

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.draft import Draft, Overlap
from handoff_ext.checks.rule import Hit

_FEATURES = re.compile(r"feat|col|x\b|x_|predictors?|inputs?|num|cat|vars?|use", re.I)


def list_of(notebook: NotebookFacts, column: str) -> tuple[int, ast.Constant] | None:
    """The one place where a list of columns names the column: cell index and text."""
    found = []
    for cell, facts in notebook.code:
        for use in facts.walked.texts:
            node = use.node
            if use.around.listed and isinstance(node, ast.Constant) and node.value == column:
                named = use.around.role == "value" and _FEATURES.search(use.around.name)
                if named or use.around.role == "value":
                    found.append((cell.index, node, bool(named)))
    best = [(index, node) for index, node, named in found if named] or [(index, node) for index, node, _ in found]
    return best[0] if len(best) == 1 else None


def leave_out(draft: Draft, cell_index: int, hit: Hit) -> None:  # noqa: ARG001
    """Take the column's text, and the comma behind it, out of the list.

    Raises ``Overlap`` where it does not stand in one list of its own.
    """
    place = list_of(draft.notebook, str(hit.subject))
    if place is None:
        raise Overlap
    index, node = place
    facts = draft.facts(index)
    start, end = draft.span(index, facts.spot(node))
    behind = re.match(r"\s*,[ \t]*", facts.source[end:])
    before = re.search(r",\s*\Z", facts.source[:start])
    if behind:
        end += behind.end()
    elif before:
        start = before.start()
    draft.replace(index, start, end, "")
