"""Unanswered questions of a plan, for the rules that ask them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.draft import Draft
from handoff_ext.checks.rule import TOP, Hit

FORM = {
    "owner": 'owner: {name: "", contact: ""}',
    "intent": 'intent: {problem: "", decision: "", good_outcome: ""}',
    "limitations": "limitations: []",
    "thresholds": 'thresholds: {decision: null, why: ""}',
    "fallback": "fallback: {kind: null}",
    "monitoring": 'monitoring: {check_every: null, truth_after_days: null, tell: ""}',
    "retraining": 'retraining: {trigger: "", approver: "", validation: ""}',
}
"""The plan's questions as lines with empty answers."""


def unanswered(notebook: NotebookFacts, names: tuple[str, ...], message: str) -> Iterator[Hit]:
    """One hit where a plan is there and all these fields of it (dotted names) are empty."""
    if notebook.plan is not None and notebook.trains and not any(_answer(notebook.plan, name) for name in names):
        field = names[0].partition(".")[0]
        file = f"{PurePath(notebook.notebook.path).stem}.handoff.yaml"
        asked = field in notebook.plan
        yield Hit(spot=TOP, message=message, anchor=names[0], cell=-1, fixable=not asked, subject=(file, field))


def ask(draft: Draft, cell_index: int, hit: Hit) -> None:  # noqa: ARG001
    """Write the question into the plan, with an empty answer: what to say, only a person knows."""
    file, field = hit.subject
    draft.files.setdefault(file, []).append(FORM[field])
    draft.advise(f"Answer {field} in {file}, or under Publish in the sidebar.")


def _answer(plan: Mapping[str, Any], name: str) -> bool:
    value: Any = plan
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value not in (None, "", [], {}) and str(value).strip() != ""
