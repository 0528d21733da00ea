"""What a project says about its checks: ``[tool.handoff]`` in ``pyproject.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handoff_ext.contracts.errors import HandoffError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """``select`` and ``ignore`` hold codes, names or families (``PATH``); ``ignore`` maps them to reasons.

    ``exclude`` are glob patterns of paths below ``root``, the folder of the ``pyproject.toml``; relative paths of
    notebooks count from ``base``. Empty ``select`` means all.
    """

    select: tuple[str, ...] = ()
    ignore: Mapping[str, str] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    root: str = ""
    base: str = ""


def settings_for(path: Path, known: dict[Path, Settings] | None = None) -> Settings:
    """The settings of the project that a notebook or folder belongs to: the nearest ``pyproject.toml`` above that has
    any.

    Raises ``HandoffError`` where that file cannot be read.
    """
    known = {} if known is None else known
    if path.suffix == ".ipynb" and path.parent in known:
        return known[path.parent]
    asked = folder = path if path.is_dir() else path.parent
    try:
        folder = folder.resolve()
    except (OSError, RuntimeError):
        return Settings()
    passed: list[Path] = []
    settings = Settings()
    for each in (folder, *folder.parents):
        if each in known:
            settings = known[each]
            break
        passed.append(each)
        found = _read(each / "pyproject.toml")
        if found is not None:
            settings = found
            break
        if (each / ".git").exists():
            break
    for each in (*passed, asked):
        known[each] = settings
    return settings


def _read(file: Path) -> Settings | None:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    except (OSError, ValueError) as error:
        raise HandoffError(f"{file} cannot be read: {error}.", "Mend the file.") from None
    tool = table.get("tool")
    own = tool.get("handoff") if isinstance(tool, dict) else None
    return _settings(own, file) if isinstance(own, dict) else None


def _settings(own: dict[str, Any], file: Path) -> Settings:
    ignore = own.get("ignore", {})
    if isinstance(ignore, list):
        ignore = dict.fromkeys(map(str, ignore), "")
    if not isinstance(ignore, dict) or not all(isinstance(reason, str) for reason in ignore.values()):
        raise HandoffError(f"In {file}, ignore of [tool.handoff] is not a table of rules and reasons.")
    return Settings(
        select=_texts(own, "select", file), ignore=ignore, exclude=_texts(own, "exclude", file), root=str(file.parent)
    )


def _texts(own: dict[str, Any], name: str, file: Path) -> tuple[str, ...]:
    value = own.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise HandoffError(f"In {file}, {name} of [tool.handoff] is not a list of texts.")
    return tuple(value)


def names_rule(words: Mapping[str, object] | tuple[str, ...], code: str, name: str) -> str | None:
    """The word among these that means the rule: its code, its name, or its family."""
    for word in (code, name, code.rstrip("0123456789")):
        if word in words:
            return word
    return None
