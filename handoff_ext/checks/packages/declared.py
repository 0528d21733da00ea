"""What a project says it needs: requirements files, ``pyproject.toml``, conda and Pipenv files near the notebook."""

from __future__ import annotations

import os
import re
import tomllib
from functools import lru_cache
from pathlib import Path

_NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")
_FILES = (
    *("requirements.txt", "requirements-dev.txt", "requirements.in", "requirements.lock", "pylock.toml"),
    *("pyproject.toml", "environment.yml", "environment.yaml", "Pipfile", "setup.py", "setup.cfg"),
)


def normal(name: str) -> str:
    """A distribution's name as PEP 503 has it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared_near(folder: Path | None) -> frozenset[str]:
    """Names of distributions declared in the notebook's folder or one above it, up to the project's root."""
    return frozenset(name for file, stamp in _files_near(folder) for name in _declared_in(file, stamp))


def pinned_near(folder: Path | None) -> dict[str, tuple[str, str]]:
    """Exact versions that a list of packages or a lock near the notebook has: distribution to version and file's name.

    The nearest counts, and among files of one folder a lock.
    """
    found: dict[str, tuple[str, str]] = {}
    for file, stamp in sorted(_files_near(folder), key=lambda each: (-len(each[0].parts), "lock" not in each[0].name)):
        for name, version in _pinned_in(file, stamp):
            found.setdefault(name, (version, file.name))
    return found


def _files_near(folder: Path | None) -> list[tuple[Path, int]]:
    """The files in the notebook's folder and those above it, up to the project's root, each with its time."""
    if folder is None:
        return []
    found: list[tuple[Path, int]] = []
    for each in (folder, *list(folder.parents)[:4]):
        try:
            names = _present(str(each), os.stat(each).st_mtime_ns)  # noqa: PTH116
        except OSError:
            continue
        for name in names:
            file = os.path.join(each, name)  # noqa: PTH118
            try:
                stamp = os.stat(file).st_mtime_ns  # noqa: PTH116
            except OSError:
                continue
            if name != ".git":
                found.append((Path(file), stamp))
        if ".git" in names:
            break
    return found


@lru_cache(maxsize=256)
def _present(folder: str, _: int) -> tuple[str, ...]:
    """Which of the files are in a folder; asked anew when its time says that one came or went."""
    return tuple(name for name in (*_FILES, ".git") if os.path.exists(os.path.join(folder, name)))  # noqa: PTH110, PTH118


@lru_cache(maxsize=64)
def _declared_in(file: Path, _: int) -> frozenset[str]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")[:200_000]
    except OSError:
        return frozenset()
    if file.name == "pylock.toml":
        return frozenset(name for name, _ in _locked(text))
    if file.name == "pyproject.toml":
        return frozenset(normal(each) for each in _project(text))
    if file.name.startswith("requirements"):
        names = (_NAME.match(line) for line in text.splitlines() if line.strip()[:1] not in ("#", "-", ""))
        return frozenset(normal(match[1]) for match in names if match)
    words = re.findall(r"^\s*(?:-\s*)?['\"]?([A-Za-z0-9][\w.-]*)['\"]?\s*(?:[=<>~!,'\"\[]|$)", text, re.M)
    return frozenset(normal(word) for word in words)


@lru_cache(maxsize=64)
def _pinned_in(file: Path, _: int) -> tuple[tuple[str, str], ...]:
    if not file.name.startswith("requirements") and file.name != "pylock.toml":
        return ()
    try:
        text = file.read_text(encoding="utf-8", errors="replace")[:2_000_000]
    except OSError:
        return ()
    if file.name == "pylock.toml":
        return tuple(_locked(text))
    return tuple((normal(each["name"]), each["version"]) for each in _PIN.finditer(text))


_PIN = re.compile(
    r"^\s*(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]\n]*\])?\s*===?\s*(?P<version>\d[\w.+!-]*)(?=[\s;,\\]|$)", re.M
)


def _locked(text: str) -> list[tuple[str, str]]:
    """Names and versions of a lock as PEP 751 has it."""
    try:
        packages = tomllib.loads(text).get("packages", [])
    except ValueError:
        return []
    named = [each for each in packages if isinstance(each, dict)] if isinstance(packages, list) else []
    return [
        (normal(each["name"]), each["version"])
        for each in named
        if isinstance(each.get("name"), str) and isinstance(each.get("version"), str)
    ]


def _project(text: str) -> list[str]:
    try:
        table = tomllib.loads(text)
    except ValueError:
        return []
    project = table.get("project", {})
    poetry = table.get("tool", {}).get("poetry", {}) if isinstance(table.get("tool"), dict) else {}
    lines = [*project.get("dependencies", [])] if isinstance(project, dict) else []
    optional = project.get("optional-dependencies", {}) if isinstance(project, dict) else {}
    for group in optional.values() if isinstance(optional, dict) else ():
        lines += group if isinstance(group, list) else []
    names = [match[1] for line in lines if isinstance(line, str) and (match := _NAME.match(line))]
    dependencies = poetry.get("dependencies", {}) if isinstance(poetry, dict) else {}
    return names + (list(dependencies) if isinstance(dependencies, dict) else [])
