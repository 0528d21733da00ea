"""Where a version comes from: the commit, and the problems somebody decided to live with."""

from __future__ import annotations

import subprocess
from pathlib import Path


def git_commit(folder: Path) -> str:
    """The commit of the repository around ``folder``, with ``+`` where files were changed since; empty outside one."""
    head = _git(folder, "rev-parse", "--short=12", "HEAD")
    if not head:
        return ""
    return head + ("+" if _git(folder, "status", "--porcelain", "--untracked-files=no", "--", ".") else "")


def ignored_problems(notebook: Path) -> tuple[tuple[str, str], ...]:
    """What was found in the notebook and ignored, each with its reason; empty where there is no notebook."""
    from handoff_ext.cells.read import read_notebook
    from handoff_ext.checks import check_notebook

    if not notebook.is_file():
        return ()
    report = check_notebook(read_notebook(notebook))
    return tuple((f"{each.finding.rule} {each.finding.message}", each.reason) for each in report.ignored)


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
