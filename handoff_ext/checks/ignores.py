"""Findings that somebody decided to live with: in the line, in the cell's metadata, in the project."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from handoff_ext.cells.model import Cell
from handoff_ext.checks.settings import names_rule
from handoff_ext.contracts.finding import Finding

_COMMENT = re.compile(r"#\s*handoff:\s*ignore\s*(?:\[(?P<rules>[^\]\n]*)\])?[ \t]*(?P<reason>[^\n]*)")


@dataclass(slots=True)
class LineIgnore:
    """``# handoff: ignore[CODE] reason``: for the line it stands in; alone, for all down to the next line of code."""

    line: int
    rules: tuple[str, ...]
    reason: str
    column: int
    end_column: int
    covers: int
    used: set[str] = field(default_factory=set)


def line_ignores(source: str) -> list[LineIgnore]:
    """The ignore comments of a cell."""
    if "handoff:" not in source:
        return []
    found = []
    lines = source.split("\n")
    for number, line in enumerate(lines, 1):
        match = _COMMENT.search(line)
        if match:
            rules = tuple(each.strip() for each in (match["rules"] or "").split(",") if each.strip())
            covers = number
            if not line[: match.start()].strip():
                covers = next((at for at in range(number + 1, len(lines) + 1) if _counts(lines[at - 1])), number)
            reason = match["reason"].strip(" -:#")
            found.append(LineIgnore(number, rules, reason, match.start() + 1, match.end() + 1, covers))
    return found


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def cell_ignores(cell: Cell) -> dict[str, str]:
    """Rules ignored in the whole cell, with reasons: ``metadata.handoff.ignore``."""
    own = cell.metadata.get("handoff")
    ignore = own.get("ignore") if isinstance(own, Mapping) else None
    if not isinstance(ignore, Mapping):
        return {}
    return {rule: reason for rule, reason in ignore.items() if isinstance(rule, str) and isinstance(reason, str)}


def ignored_by(
    finding: Finding, lines: list[LineIgnore], cell: Mapping[str, str], project: Mapping[str, str]
) -> tuple[Literal["line", "cell", "project"], str, str] | None:
    """Which ignore covers a finding: scope, the word that names the rule there, the reason."""
    for each in lines if finding.where in ("source", "markdown") else ():
        if finding.line <= each.covers and each.line <= finding.end_line:
            word = names_rule(each.rules, finding.rule, finding.name)
            if word:
                each.used.add(word)
                return "line", word, each.reason
    word = names_rule(cell, finding.rule, finding.name)
    if word:
        return "cell", word, cell[word]
    word = names_rule(project, finding.rule, finding.name)
    return ("project", word, project[word]) if word else None
