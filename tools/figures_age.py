"""Say which committed figures are older than the code they are about.

Each ``benchmarks/figures/NAME.json`` holds ``date``, ``commit``, ``covers`` (paths) and ``figures``. Where a covered
path has commits after that one, a line says so; measuring again is ``make test-all`` or ``make bench``. A file without
these keys fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def commits_since(commit: str, covers: list[str]) -> int | None:
    """How many commits after ``commit`` touch ``covers``; None where this checkout does not know the commit."""
    answer = subprocess.run(
        ["git", "rev-list", "--count", f"{commit}..HEAD", "--", *covers],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return int(answer.stdout) if answer.returncode == 0 else None


def main() -> int:
    """Print a line for each file of figures; 1 where one lacks a key."""
    broken = 0
    for file in sorted((ROOT / "benchmarks" / "figures").glob("*.json")):
        figures = json.loads(file.read_text())
        lacking = {"date", "commit", "covers", "figures"} - set(figures)
        if lacking:
            print(f"{file.name}: lacks {', '.join(sorted(lacking))}")
            broken = 1
            continue
        newer = commits_since(figures["commit"], figures["covers"])
        state = "commit not in this checkout" if newer is None else f"{newer} newer commits" if newer else "current"
        print(f"{file.name}: measured {figures['date']} at {figures['commit'][:9]}; {state}")
    return broken


if __name__ == "__main__":
    sys.exit(main())
