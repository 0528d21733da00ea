"""Output formats of a report, a file each: ``render(report) -> str``."""

from __future__ import annotations

from importlib import import_module

from handoff_ext.contracts.finding import CheckReport

FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "html")


def render(report: CheckReport, form: str) -> str:
    """The report in one of ``FORMATS``."""
    text: str = import_module(f"handoff_ext.checks.formats.{form}").render(report)
    return text
