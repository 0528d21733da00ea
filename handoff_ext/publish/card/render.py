"""Renders card and runbook from their templates."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from handoff_ext.publish.card.facts import CardFacts
from handoff_ext.publish.card.plots import bars, reliability
from handoff_ext.publish.card.view import view

_TEMPLATES = Path(__file__).parent.parent / "templates"
LARGEST = 1_000_000
"""A page larger than this does not travel well; it is made of bounded parts, so it never is."""


def write_cards(facts: CardFacts, out: Path) -> None:
    """Write ``MODEL_CARD.md``, ``card.html`` and ``RUNBOOK.md`` into ``out``."""
    shown = view(facts)
    for template, file in {
        "card.md.j2": "MODEL_CARD.md",
        "card.html.j2": "card.html",
        "runbook.md.j2": "RUNBOOK.md",
    }.items():
        (out / file).write_text(_render(template, shown), encoding="utf-8")


def _render(template: str, shown: dict[str, Any]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    page = ".html" in template
    jinja = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=page,  # noqa: S701 - Markdown is no HTML; what people wrote goes through `text` and `cell` there
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    jinja.filters |= {"cell": _cell, "number": _number, "yaml": _yaml, "text": _text, "code": _code}
    jinja.globals |= {"bars": bars, "reliability": reliability}
    return jinja.get_template(template).render(shown)


def _number(value: Any) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _cell(value: Any) -> str:
    """A value in a Markdown table."""
    return " ".join(str(value).split()).replace("|", "\\|")


def _text(value: Any) -> str:
    """What a person wrote, in one line of Markdown that cannot start a heading, list or tag of its own."""
    return " ".join(str(value).split()).replace("<", "&lt;")


def _code(value: Any) -> Any:
    """A sentence on the page, names in backticks as code."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(value))))  # noqa: S704 - escaped before


def _yaml(value: Any) -> str:
    """YAML's JSON subset: every reader of YAML takes it."""
    return json.dumps(value, ensure_ascii=False)
