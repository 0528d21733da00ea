"""Names of environment variables in ``.env.example`` beside a notebook.

JupyterLab writes no hidden files unless its administrator allows it. This one holds names and never a value, so that
the next person knows what to set.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.server.analysis.writing import write_whole
from handoff_ext.server.paths import confined

if TYPE_CHECKING:
    from handoff_ext.contracts.sidebar import VariablesRequest

_FILE = ".env.example"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


def note_variables(root: Path, request: VariablesRequest) -> list[str]:
    """Write ``NAME=`` for each name that has no line yet, or take such lines back.

    Returns:
        the names whose lines were written or taken back.

    Raises:
        HandoffError: what is named is no variable, or the file cannot be read or written.
    """
    for name in request.names:
        if not _NAME.fullmatch(name):
            raise HandoffError(f"{name[:40]} is no name of a variable.", "Letters, digits and underscores make one.")
    notebook = confined(root, request.path)
    file = confined(root, (PurePosixPath(request.path).parent / _FILE).as_posix())
    try:
        text = file.read_bytes().decode("utf-8") if file.exists() else ""
        change = _without if request.remove else _with
        new, names = change(text, request.names)
        if names and new:
            write_whole(file, new)
        elif names:
            file.unlink()
    except UnicodeDecodeError:
        raise HandoffError(f"{_FILE} is not UTF-8 text.", "Save it as UTF-8.") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise HandoffError(f"{_FILE} cannot be written: {reason}.", f"See to {notebook.parent.name}.") from error
    return names


def _with(text: str, names: list[str]) -> tuple[str, list[str]]:
    known = {line.partition("=")[0].strip() for line in text.splitlines()}
    fresh = [name for name in dict.fromkeys(names) if name not in known]
    end = "\r\n" if "\r\n" in text else "\n"
    gap = end if fresh and text and not text.endswith("\n") else ""
    return text + gap + "".join(f"{name}={end}" for name in fresh), fresh


def _without(text: str, names: list[str]) -> tuple[str, list[str]]:
    gone = {f"{name}=" for name in names}
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if line.strip() not in gone), [
        name for name in names if any(line.strip() == f"{name}=" for line in lines)
    ]
