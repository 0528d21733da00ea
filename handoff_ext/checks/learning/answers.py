"""Unanswered questions of a plan, for the rules that ask them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.rule import TOP, Hit


def unanswered(notebook: NotebookFacts, names: tuple[str, ...], message: str) -> Iterator[Hit]:
    """One hit where a plan is there and all these fields of it (dotted names) are empty."""
    if notebook.plan is not None and notebook.trains and not any(_answer(notebook.plan, name) for name in names):
        yield Hit(spot=TOP, message=message, anchor=names[0], cell=-1)


def _answer(plan: Mapping[str, Any], name: str) -> bool:
    value: Any = plan
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value not in (None, "", [], {}) and str(value).strip() != ""
