"""Check files and folders: every notebook below them once, whatever else lies there."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

from handoff_ext.cells.python import without_warnings
from handoff_ext.cells.read import UnreadableNotebook, read_notebook
from handoff_ext.checks.engine import Checker
from handoff_ext.checks.settings import Settings, settings_for
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.finding import CheckReport, Finding, Ignored, Unreadable

_SKIPPED = frozenset(
    {".ipynb_checkpoints", ".git", ".hg", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".nox", ".mypy_cache"}
)


def check_paths(paths: Iterable[str | Path], settings: Settings | None = None) -> CheckReport:
    """Check notebooks and all notebooks below folders, in the order of their names.

    ``settings`` adds to what each notebook's project says. A file that cannot be read is one line in ``unreadable``;
    the others are checked. Raises ``HandoffError`` where a named path does not exist or a project's settings are wrong.
    """
    with _without_collector(), without_warnings():
        return _checked(paths, settings)


def _checked(paths: Iterable[str | Path], settings: Settings | None) -> CheckReport:
    findings: list[Finding] = []
    ignored: list[Ignored] = []
    unreadable: list[Unreadable] = []
    checked = 0
    known: dict[Path, Settings] = {}
    checker = Checker(keep=0)
    for path in notebooks(paths, unreadable):
        own = merged(settings_for(path, known), settings)
        if _excluded(path, own):
            continue
        try:
            report = checker.check(read_notebook(path), None, own)
        except UnreadableNotebook as error:
            unreadable.append(Unreadable(path=str(path), reason=error.message))
            continue
        except RecursionError:
            unreadable.append(Unreadable(path=str(path), reason=f"{path.name} is nested too deeply to be checked."))
            continue
        checked += 1
        findings += report.findings
        ignored += report.ignored
    return CheckReport(findings=tuple(findings), ignored=tuple(ignored), unreadable=tuple(unreadable), checked=checked)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Trees of syntax have no circles: looking for some again and again takes a fifth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def notebooks(paths: Iterable[str | Path], unreadable: list[Unreadable]) -> Iterator[Path]:
    """The notebooks that these paths name, each once; folders that cannot be opened go to ``unreadable``.

    Below folders, copies that ``handoff ship`` fixed are passed over: their notebooks are there themselves.
    """
    seen: set[str] = set()
    for given in paths:
        path = Path(given)
        if not path.exists() and not path.is_symlink():
            raise HandoffError(f"There is nothing at {path}.", "Check the path.")
        below = _below(path, unreadable) if path.is_dir() else [(path, os.path.realpath(path))]
        for each, real in below:
            if real not in seen:
                seen.add(real)
                yield each


def _below(folder: Path, unreadable: list[Unreadable]) -> Iterator[tuple[Path, str]]:
    """Each notebook below a folder, and where it really lies."""

    def refused(error: OSError) -> None:
        name = error.filename or folder
        unreadable.append(Unreadable(path=str(name), reason=f"{name} could not be opened: {error.strerror}."))

    visited: set[str] = set()
    for root, folders, files in os.walk(folder, followlinks=True, onerror=refused):
        real = os.path.realpath(root)
        if real in visited:
            folders[:] = []
            continue
        visited.add(real)
        folders[:] = sorted(each for each in folders if each not in _SKIPPED)
        for name in sorted(files):
            if name.endswith(".ipynb") and not name.endswith(".handoff.ipynb"):
                path = os.path.join(root, name)  # noqa: PTH118
                yield Path(path), os.path.realpath(path) if os.path.islink(path) else os.path.join(real, name)  # noqa: PTH114, PTH118


def _excluded(path: Path, settings: Settings) -> bool:
    if not settings.exclude:
        return False
    try:
        inside = path.resolve().relative_to(settings.root).as_posix()
    except (ValueError, OSError, RuntimeError):
        return False
    return any(fnmatch(inside, pattern) or fnmatch(inside, f"{pattern.rstrip('/')}/*") for pattern in settings.exclude)


def merged(own: Settings, given: Settings | None) -> Settings:
    """The project's settings with those of the call on top."""
    if given is None:
        return own
    return replace(own, select=given.select or own.select, ignore={**own.ignore, **given.ignore})
