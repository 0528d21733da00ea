"""Write a notebook in one step, as Jupyter lays it out."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from handoff_ext.contracts.errors import HandoffError


def notebook_text(raw: dict[str, Any]) -> str:
    """The file's text: indent 1 and a newline at the end, keys in the order they have."""
    return json.dumps(raw, ensure_ascii=False, indent=1) + "\n"


def write_notebook(path: str | Path, raw: dict[str, Any]) -> None:
    """Replace the file at ``path`` at once: whoever reads it sees the old notebook or the new one, never a part.

    Links are followed, the file's mode stays. Raises ``HandoffError`` where the folder cannot be written.
    """
    text = notebook_text(raw)
    try:
        data = text.encode()
    except UnicodeEncodeError:  # lone surrogates survive only as escapes
        data = (json.dumps(raw, indent=1) + "\n").encode()
    target = Path(os.path.realpath(path))
    try:
        handle, aside = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise HandoffError(f"{target.parent} cannot be written: {error.strerror}.", "Check its rights.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(aside).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        Path(aside).replace(target)
    except OSError as error:
        raise HandoffError(f"{target.name} was not written: {error.strerror}.", "The old file is as it was.") from None
    finally:
        Path(aside).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
