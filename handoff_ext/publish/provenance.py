"""Where a version comes from: the commit, and what the checks say of its notebook."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from handoff_ext.contracts.words import severity_counts


def git_commit(folder: Path) -> str:
    """The commit of the repository around ``folder``, with ``+`` where files were changed since; empty outside one."""
    head = _git(folder, "rev-parse", "--short=12", "HEAD")
    if not head:
        return ""
    return head + ("+" if _git(folder, "status", "--porcelain", "--untracked-files=no", "--", ".") else "")


@dataclass(frozen=True)
class Checked:
    """What the checks say of the notebook: problems somebody ignored, with the reason, and ways the answer may leak
    into the inputs. ``leaks`` is None where there is no notebook to look at. ``found`` counts all in words."""

    ignored: tuple[tuple[str, str], ...] = ()
    leaks: tuple[str, ...] | None = None
    found: str = "not checked"


def checked(notebook: Path) -> Checked:
    """Look for problems once more, as the notebook is now."""
    from handoff_ext.cells.read import read_notebook
    from handoff_ext.checks import check_notebook

    if not notebook.is_file():
        return Checked()
    report = check_notebook(read_notebook(notebook))
    leaks = [each for each in report.findings if each.rule.startswith(("LEAK", "FEAT"))]
    passed_over = f", {len(report.ignored)} ignored" if report.ignored else ""
    return Checked(
        found=f"{severity_counts(report.findings)}{passed_over}",
        ignored=tuple((f"{each.finding.rule} {each.finding.message}", each.reason) for each in report.ignored),
        leaks=tuple(f"cell {each.cell_index + 1}, line {each.line}: {each.message}" for each in leaks),
    )


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
