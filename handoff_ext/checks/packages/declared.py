"""What a project says it needs: requirements files, ``pyproject.toml``, conda and Pipenv files near the notebook."""

from __future__ import annotations

import os
import re
import tomllib
from functools import lru_cache
from pathlib import Path

_NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")
_FILES = (
    *("requirements.txt", "requirements-dev.txt", "requirements.in", "requirements.lock"),
    *("pyproject.toml", "environment.yml", "environment.yaml", "Pipfile", "setup.py", "setup.cfg"),
)


def normal(name: str) -> str:
    """A distribution's name as PEP 503 has it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared_near(folder: Path | None) -> frozenset[str]:
    """Names of distributions declared in the notebook's folder or one above it, up to the project's root."""
    if folder is None:
        return frozenset()
    found: set[str] = set()
    whole = folder.absolute()
    for each in (whole, *list(whole.parents)[:4]):
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
                found |= _declared_in(Path(file), stamp)
        if ".git" in names:
            break
    return frozenset(found)


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
    if file.name == "pyproject.toml":
        return frozenset(normal(each) for each in _project(text))
    if file.name.startswith("requirements"):
        names = (_NAME.match(line) for line in text.splitlines() if line.strip()[:1] not in ("#", "-", ""))
        return frozenset(normal(match[1]) for match in names if match)
    words = re.findall(r"^\s*(?:-\s*)?['\"]?([A-Za-z0-9][\w.-]*)['\"]?\s*(?:[=<>~!,'\"\[]|$)", text, re.M)
    return frozenset(normal(word) for word in words)


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
