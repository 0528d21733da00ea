"""Keep what a benchmark measured, with the commit it was measured at and the code it is about."""

from __future__ import annotations

import datetime
import json
import subprocess
from pathlib import Path
from typing import Any


def keep(file: Path, covers: list[str], figures: dict[str, Any]) -> None:
    """Write ``file`` as ``tools/figures_age.py`` reads it. ``covers``: paths from the project's root."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    kept = {"date": date, "commit": commit, "covers": covers, "figures": figures}
    file.write_text(json.dumps(kept, indent=1) + "\n")
