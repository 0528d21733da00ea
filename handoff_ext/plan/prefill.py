"""Suggested answers to the plan's questions, from the notebook's text and from what was measured."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.sidebar import Prefill

_THRESHOLD = re.compile(
    r"^\s*(?P<name>\w*(?:threshold|cutoff|cut_off)\w*)\s*=\s*(?P<value>\d*\.?\d+(?:e-?\d+)?)\s*(?:#.*)?$",
    re.IGNORECASE | re.MULTILINE,
)
_COMPARED = re.compile(r"(?:predict_proba\([^\n]*|\bproba?\w*|\bscores?)\s*>=?\s*(?P<value>0?\.\d+)")
_PURPOSE = re.compile(
    r"\b(predict|forecast|classif|estimat|detect|recommend|identif|decid|whether|analy[sz]e|determin|prevent|reduc)"
    r"|\b(problem|objective|goals?|aims?|purpose|task)\b|\?",
    re.IGNORECASE,
)
"""Words of a sentence that says what a notebook is for; thanks and credits have none of them."""
_OPENING = 6
"""What a notebook is for stands in its first cells, if anywhere; later prose is about what was found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What publishing measured and a plan can use: the weakest group in words, and the usual range of the score."""

    weakest: str = ""
    score_low: float | None = None
    score_high: float | None = None


def prefill(
    notebook: Mapping[str, Any], plan: Plan, measured: Measured | None = None, login: str = "", contact: str = ""
) -> list[Prefill]:
    """Suggestions for fields that have no answer yet; never for one that has.

    Args:
        notebook: the notebook as JSON (nbformat 4).
        plan: what was said already.
        measured: from the last run, where there is one.
        login: the person's name as git or the login knows it; ``contact`` the e-mail address beside it.
    """
    found = [
        *_owner(plan, login, contact),
        *_decision(plan, notebook),
        *_limits(plan, measured),
        *_thresholds(plan, notebook, measured),
    ]
    if plan.fallback.kind is None:
        found.append(Prefill(field="fallback.kind", value="person", source="the careful choice"))
    if plan.monitoring.check_every is None:
        found.append(Prefill(field="monitoring.check_every", value="daily", source="the usual choice"))
    return found


def _owner(plan: Plan, login: str, contact: str) -> list[Prefill]:
    given = {"owner.name": (plan.owner.name, login), "owner.contact": (plan.owner.contact, contact)}
    return [
        Prefill(field=field, value=new, source="from git") for field, (old, new) in given.items() if new and not old
    ]


def _decision(plan: Plan, notebook: Mapping[str, Any]) -> list[Prefill]:
    if plan.intent.decision and plan.intent.problem:
        return []
    for index, cell in enumerate(notebook.get("cells", ())[:_OPENING]):
        if cell.get("cell_type") == "markdown" and (text := _prose(_text(cell))):
            field = "intent.problem" if plan.intent.decision else "intent.decision"
            return [Prefill(field=field, value=text, source=f"from cell {index + 1}")]
    return []


def _limits(plan: Plan, measured: Measured | None) -> list[Prefill]:
    if plan.limitations or measured is None or not measured.weakest:
        return []
    return [Prefill(field="limitations", value=[measured.weakest], source="measured")]


def _thresholds(plan: Plan, notebook: Mapping[str, Any], measured: Measured | None) -> list[Prefill]:
    found = []
    if plan.thresholds.decision is None and (code := _code_threshold(notebook)):
        value, index = code
        found.append(Prefill(field="thresholds.decision", value=value, source=f"from cell {index + 1}"))
    range_ = {
        "normal_low": measured.score_low if measured else None,
        "normal_high": measured.score_high if measured else None,
    }
    found += [
        Prefill(field=f"thresholds.{name}", value=end, source="measured")
        for name, end in range_.items()
        if end is not None and getattr(plan.thresholds, name) is None
    ]
    return found


def _code_threshold(notebook: Mapping[str, Any]) -> tuple[float, int] | None:
    for index, cell in enumerate(notebook.get("cells", ())):
        if cell.get("cell_type") != "code":
            continue
        match = _THRESHOLD.search(_text(cell)) or _COMPARED.search(_text(cell))
        if match and 0 < float(match["value"]) < 1:
            return float(match["value"]), index
    return None


def _prose(markdown: str) -> str:
    """The first paragraph that says what for, without markup, at most 300 characters."""
    for paragraph in re.split(r"\n\s*\n", markdown):
        lines = [line for line in paragraph.splitlines() if not re.match(r"\s*(#|[-*+>|!<`]|\d+\.)", line)]
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(line.strip() for line in lines))
        text = re.sub(r"\s*<[^<>]*>", "", text)
        text = re.sub(r"[*_`]{1,3}(\S.*?\S|\S)[*_`]{1,3}", r"\1", text).strip()
        if len(text.split()) >= 4 and _PURPOSE.search(text):
            return text if len(text) <= 300 else text[:297].rsplit(" ", 1)[0] + "..."
    return ""


def _text(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)
