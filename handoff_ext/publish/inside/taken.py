"""What the run left of training: the state of ``features.py``, as ``training_rows.py`` of the pipeline writes it."""

from __future__ import annotations

import hashlib
import os
import pickle
from typing import Any


def of_run(job: dict[str, Any]) -> Any:
    """What was learned (``kept``, ``joined``); None where the run left nothing, or the code is another by now."""
    path = str(job.get("learned", ""))
    if not os.path.isfile(path):
        return None
    try:
        with open(path, "rb") as file:
            found = pickle.load(file)
        return found if found["code"] == _code(job["folder"]) else None
    except Exception:  # a class that only the run knows, or half a file: it is learned again
        return None


def _code(folder: str) -> str:
    """As ``training_rows.code``, whose module must not come along with the model."""
    digest = hashlib.sha256()
    for name in ("definitions.py", "features.py", "learned.py"):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            with open(path, "rb") as source:
                digest.update(source.read())
    return digest.hexdigest()
