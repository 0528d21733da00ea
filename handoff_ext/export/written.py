"""Files of ours in other people's repositories: written anew as long as nobody edited them, never over an edit."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.run.folder import write_text

_HEAD = re.compile(r"# Written by `(.*)`; until it is edited it may be written again\. (\w{16})\n")


def write_own(path: Path, text: str, command: str) -> Path:
    """Write ``text`` under a line that says where it came from.

    Raises:
        HandoffError: a file is there that is not ours, or that somebody edited.
    """
    if path.exists():
        head, _, rest = path.read_text(encoding="utf-8").partition("\n")
        ours = _HEAD.fullmatch(head + "\n")
        if ours is None or ours[2] != _digest(rest):
            said = "was edited" if ours else "is there already and was not written by handoff"
            raise HandoffError(f"{path.name} {said}.", f"Move it away, or write elsewhere with -o: {path}")
    write_text(path, f"# Written by `{command}`; until it is edited it may be written again. {_digest(text)}\n{text}")
    return path


def repository(folder: Path) -> Path:
    """The git repository that a folder lies in.

    Raises:
        HandoffError: there is none.
    """
    done = subprocess.run(
        ["git", "-C", str(folder), "rev-parse", "--show-toplevel"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise HandoffError(f"{folder} is not in a git repository.", "Make one with git init, or name a file with -o.")
    return Path(done.stdout.strip()).resolve()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
