"""Which notebooks changed since a git revision: for checks of a branch or of what is about to be committed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from handoff_ext.contracts.errors import HandoffError


def changed_since(paths: Iterable[Path], revision: str) -> list[Path]:
    """Notebooks at or below ``paths`` that differ from ``revision`` or that git does not know yet.

    Raises:
        HandoffError: git is not there, a path is in no repository, or the revision does not exist.
    """
    if revision.startswith("-"):
        raise HandoffError(f"{revision} is not a git revision.", "Give a branch, a tag or a commit.")
    found: dict[Path, None] = {}
    for path in paths:
        folder = path if path.is_dir() else path.parent
        differing = ["diff", "--name-only", "-z", "--diff-filter=d", "--relative", revision, "--"]
        for listed in (_git(folder, *differing), _git(folder, "ls-files", "-z", "--others", "--exclude-standard")):
            for name in filter(None, listed.split("\0")):
                each = folder / name
                if each.suffix == ".ipynb" and (path.is_dir() or each.resolve() == path.resolve()):
                    found[each] = None
    return sorted(found)


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    except OSError as error:
        raise HandoffError("git is not installed, so --since cannot be answered.", "Install git.") from error
    if done.returncode:
        raise HandoffError(
            f"git cannot compare {folder} with that revision.", "Check that it is a repository and the revision exists."
        )
    return done.stdout
