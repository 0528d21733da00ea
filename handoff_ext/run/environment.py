"""From what a kernel had loaded to the distributions it needs."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.metadata import Distribution as Installed
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from packaging.markers import InvalidMarker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from handoff_ext.contracts.evidence import Distribution, Environment

Facts = Mapping[str, Any]
"""What ``inside/probe.py`` answers."""


class Site:
    """The distributions installed on a kernel's search path: names, top-level modules and files."""

    def __init__(self, path: tuple[str, ...]) -> None:
        self.distributions: dict[str, Installed] = {}
        self._of_top: dict[str, list[str]] = defaultdict(list)
        self._edited: dict[str, Path] = {}
        for entry in path:
            for info in sorted(Path(entry).glob("*.dist-info")) if Path(entry).is_dir() else ():
                found = PathDistribution(info)
                name = canonicalize_name(found.metadata["Name"] or info.name.partition("-")[0])
                if name not in self.distributions:  # The first on the path is the one that is imported.
                    self.distributions[name] = found
                    for top in _tops(found):
                        self._of_top[top].append(name)
                    if project := _edited(found):
                        self._edited[name] = project

    def loaded(self, modules: Mapping[str, list[str]]) -> set[str]:
        """Names of the distributions that these modules' files belong to."""
        names: set[str] = set()
        for top, files in modules.items():
            owners = self._of_top.get(top, [])
            # A namespace package such as ``google`` has several owners: there only files tell.
            names.update(owners if len(owners) == 1 else (n for n in owners if self._owns(n, set(files))))
            names.update(name for name, project in self._edited.items() if _lies_in(project, top, files))
        return names

    def _owns(self, name: str, files: set[str]) -> bool:
        found = self.distributions[name]
        return any(os.path.normpath(str(found.locate_file(file))) in files for file in found.files or ())


@lru_cache(maxsize=8)
def site(path: tuple[str, ...]) -> Site:
    """The distributions on this search path."""
    return Site(path)


def environment(facts: Facts) -> Environment:
    """What the kernel ran on: loaded distributions and all that these need here, markers evaluated."""
    there = site(tuple(facts["path"]))
    loaded = there.loaded(facts["modules"])
    return Environment(
        executable=facts["executable"],
        python=facts["python"],
        platform=facts["platform"],
        libc=facts["libc"],
        cuda=facts.get("cuda", ""),
        distributions=list(_closure(there, frozenset(loaded), tuple(sorted(facts["markers"].items())))),
    )


@lru_cache(maxsize=32)
def _closure(there: Site, loaded: frozenset[str], markers: tuple[tuple[str, str], ...]) -> tuple[Distribution, ...]:
    """These distributions and what they need; the stages of a run mostly load the same."""
    needs: dict[str, list[str]] = {}
    todo = [(name, "") for name in sorted(loaded)]
    seen = set(todo)
    while todo:
        name, extra = todo.pop()
        if name not in there.distributions:
            continue
        needs.setdefault(name, [])
        for needed, extras in _requirements(there.distributions[name], dict(markers), extra):
            if needed not in needs[name]:
                needs[name].append(needed)
            fresh = {(needed, asked) for asked in ("", *extras)} - seen
            seen |= fresh
            todo.extend(fresh)
    return tuple(
        _distribution(there.distributions[name], name, sorted(needed), name in loaded)
        for name, needed in sorted(needs.items())
    )


def merged(environments: Iterable[Environment]) -> Environment | None:
    """One environment out of those of all stages: whatever any of them used."""
    found = list(environments)
    whole: Environment | None = None
    distributions: dict[str, Distribution] = {}
    for one in found:
        whole = whole or one
        for each in one.distributions:
            if each.name not in distributions or each.loaded:
                distributions[each.name] = each
    if whole is None:
        return None
    listed = [distributions[name] for name in sorted(distributions)]
    cuda = next((one.cuda for one in found if one.cuda), "")
    return whole.model_copy(update={"distributions": listed, "cuda": cuda})


def _requirements(found: Installed, markers: Mapping[str, str], extra: str) -> list[tuple[str, list[str]]]:
    needed: list[tuple[str, list[str]]] = []
    for line in found.requires or []:
        try:
            requirement = Requirement(line)
            if requirement.marker and not requirement.marker.evaluate({**markers, "extra": extra}):
                continue
        except (InvalidRequirement, InvalidMarker, ValueError):
            continue
        needed.append((canonicalize_name(requirement.name), sorted(requirement.extras)))
    return needed


def _distribution(found: Installed, name: str, requires: list[str], loaded: bool) -> Distribution:
    installer = (found.read_text("INSTALLER") or "").strip()
    return Distribution(
        name=name,
        version=found.version,
        requires=requires,
        loaded=loaded,
        # Conda's own builds name the folder they were made in, on a machine that is long gone.
        direct=_direct(found) if installer != "conda" else None,
        installer=installer,
    )


def _direct(found: Installed) -> dict[str, Any] | None:
    try:
        direct = json.loads(found.read_text("direct_url.json") or "null")
    except ValueError:
        return None
    if not isinstance(direct, dict):
        return None
    if isinstance(direct.get("url"), str):
        direct["url"] = re.sub(r"(?<=://)[^/@]*@", "", direct["url"])
    return direct


def _edited(found: Installed) -> Path | None:
    """The folder of a project that is installed editable: its modules lie there, and no file list names them."""
    direct = _direct(found) or {}
    if not (direct.get("dir_info") or {}).get("editable"):
        return None
    return Path(unquote(urlparse(str(direct.get("url"))).path))


def _lies_in(project: Path, top: str, files: Iterable[str]) -> bool:
    """Whether a top-level module is the project's own, and not merely somewhere below its folder."""
    homes = [root / top for root in (project, project / "src")]
    return any(Path(file) == home.with_suffix(".py") or home in Path(file).parents for file in files for home in homes)


def _tops(found: Installed) -> set[str]:
    """Top-level modules of a distribution: as it says itself, else by its files."""
    said = found.read_text("top_level.txt")
    if said:
        return {line.strip() for line in said.splitlines() if line.strip()}
    record = found.read_text("RECORD") or ""
    tops = set()
    for line in record.splitlines():
        first, slash, _ = line.partition("/")
        if not slash:
            first = first.partition(",")[0]
            first = first.partition(".")[0] if first.endswith((".py", ".so", ".pyd")) else ""
        if first.isidentifier():
            tops.add(first)
    return tops
