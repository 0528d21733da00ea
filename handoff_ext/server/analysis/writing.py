"""Replace a text file beside a notebook as a whole, or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def write_whole(file: Path, text: str) -> None:
    """Write ``text`` as it stands; the file's rights are kept, a link's target is written. Raises ``OSError``."""
    target = file.resolve()
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        aside.write_bytes(text.encode("utf-8"))
        if target.exists():
            shutil.copymode(target, aside)
        aside.replace(target)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
