"""Which versions of packages the notebook was run with, as far as its own outputs and metadata say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from handoff_ext.cells.model import Cell
from handoff_ext.checks.packages.declared import normal

if TYPE_CHECKING:
    from handoff_ext.checks.facts.notebook import NotebookFacts

_ASKS = re.compile(r"watermark|\b(?:pip|pip3|conda|uv)\s+(?:list|freeze|show)|show_versions|print_versions")
_TOOLS = ("watermark", "_versions", "pip", "conda", "uv")
"""Without one of these nothing asks."""
_VERSION = r"(?P<version>\d+\.\d+(?:\.\d+)?)(?:[\w.+-]*)"
_LINE = re.compile(rf"^\s*(?P<name>[A-Za-z][\w.-]*)\s*(?:==|[:=]|\s)\s*{_VERSION}(?:\s|$)", re.M)
_SHOWN = re.compile(rf"^Name: (?P<name>[\w.-]+)\s*\nVersion: {_VERSION}", re.M)
_ATTRIBUTE = re.compile(r"\b([A-Za-z_][\w.]*)\.(?:__version__|VERSION\b)")
_NUMBER = re.compile(r"(?<![\w.])v?(\d+\.\d+(?:\.\d+)?)(?:(?:rc|a|b|\.post|\.dev|\+)[\w.]*)?(?![\w.]*\d)")


def saved_versions(notebook: NotebookFacts) -> dict[str, str]:
    """Versions by the normal name of a module or distribution: listed by pip, conda or watermark, printed by
    ``__version__``, or in the metadata's ``packages``; the last one counts."""
    found = _in_metadata(notebook)
    for cell, facts in notebook.code:
        if not cell.outputs:
            continue
        lists = any(word in facts.source for word in _TOOLS) and _ASKS.search(facts.source) is not None
        if not lists and "__version__" not in facts.source and "VERSION" not in facts.source:
            continue
        text = "\n".join(each.text for each in cell.outputs if each.kind in ("stdout", "result"))
        if lists:
            lines = [*_LINE.finditer(text), *_SHOWN.finditer(text)]
            found.update({normal(each["name"]): each["version"] for each in lines})
        found.update(_printed(notebook, cell, text))
    return found


def _printed(notebook: NotebookFacts, cell: Cell, text: str) -> dict[str, str]:
    """``print(pd.__version__)``: as many numbers as were asked for, in that order."""
    asked = _ATTRIBUTE.findall(cell.source)
    numbers = _NUMBER.findall(text)
    if not asked or len(asked) != len(numbers):
        return {}
    modules = {
        alias.asname: alias.name
        for _, facts in notebook.code
        for use in facts.walked.imports
        for alias in use.node.names
        if alias.asname
    }
    names = (modules.get(each, each).partition(".")[0] for each in asked)
    return {normal(name): number for name, number in zip(names, numbers, strict=True)}


def _in_metadata(notebook: NotebookFacts) -> dict[str, str]:
    """``packages`` of the metadata, or of our own or the platform's part of it: names with versions."""
    metadata = notebook.notebook.metadata
    places = [metadata, metadata.get("handoff"), metadata.get("environment")]
    found: dict[str, str] = {}
    for place in places:
        packages = place.get("packages") if isinstance(place, Mapping) else None
        for name, version in packages.items() if isinstance(packages, dict) else ():
            match = re.match(r"\d+\.\d+(?:\.\d+)?", version) if isinstance(version, str) else None
            if match and isinstance(name, str):
                found[normal(name)] = match[0]
    return found


def is_newer(here: str, saved: str) -> bool:
    """Whether a version is newer by a step that may break: its first number, or the second while that is 0."""
    one, two = ([int(each) for each in re.findall(r"\d+", text)[:2]] for text in (here, saved))
    if len(one) < 2 or len(two) < 2:
        return False
    if two == [0, 0]:
        return False  # what stands in for another package: ``sklearn==0.0``
    return one[0] > two[0] or (one[0] == two[0] == 0 and one[1] > two[1])
