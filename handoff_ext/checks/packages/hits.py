"""Findings about installs, and the fix that both rules share."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version

from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.fixing.draft import Draft, Overlap
from handoff_ext.checks.packages.installs import Install
from handoff_ext.checks.rule import Hit, Spot


def install_hit(facts: CellFacts, install: Install, message: str, named: tuple[str, ...] = ()) -> Hit:
    """The finding for one install. ``message`` has a field ``{what}``: the packages ``named``, else all."""
    shown = [re.sub(r"//[^/@]*@", "//", each)[:40] for each in named or install.packages]
    what = ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")
    end = len(facts.lines[install.end_line - 1]) + 1
    plain = bool(install.packages) and install.python and install.alone
    return Hit(
        spot=Spot(install.line, 1, install.end_line, end),
        message=message.format(what=what[:60] or "Packages"),
        anchor=" ".join(shown),
        fixable=plain,
        safe=plain and all(_installed(each) for each in install.packages),
        subject=install,
    )


def fix_install(draft: Draft, cell_index: int, hit: Hit) -> None:
    """Move the packages to ``requirements.txt``, with the version that is installed here where none was written."""
    install = hit.subject
    assert isinstance(install, Install)
    lines = draft.facts(cell_index).lines
    if lines[install.line - 1].startswith("%%"):
        raise Overlap
    start, end = draft.span(cell_index, hit.spot)
    indent = re.match(r"\s*", lines[install.line - 1])
    names = ", ".join(_name(each) for each in install.packages)
    text = f"{indent[0] if indent else ''}# {names}: see requirements.txt"
    draft.replace(cell_index, start, end, text)
    requirements = draft.files.setdefault("requirements.txt", [])
    for package in install.packages:
        line = _pinned(package) if package in install.unpinned else package
        requirements.append(line)
        if package in install.unpinned and line == package:
            draft.advise(f"Write a version behind {_name(package)[:60]} in requirements.txt: it is not installed here.")


def _pinned(package: str) -> str:
    if not re.fullmatch(r"[\w.-]+(?:\[[\w, -]+\])?", package):
        return package
    try:
        return f"{package}=={version(_name(package))}"
    except (PackageNotFoundError, ValueError):
        return package


def _name(package: str) -> str:
    match = re.match(r"[A-Za-z0-9][\w.-]*", package)
    return match[0] if match and "://" not in package else re.sub(r"//[^/@]*@", "//", package)


def _installed(package: str) -> bool:
    try:
        return bool(version(_name(package)))
    except (PackageNotFoundError, ValueError):
        return False
