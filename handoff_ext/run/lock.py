"""One run at a time in a pipeline's folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handoff_ext.contracts.errors import HandoffError


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Hold the folder while a run is under way.

    The lock is on the folder itself: no file is left behind, and the system lets go of it even when the process is
    killed, so it is never stale.

    Raises:
        HandoffError: another run holds it.
    """
    try:
        import fcntl
    except ImportError:  # Windows: the runs are not kept apart there.
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HandoffError(
                f"Another run of {folder.name} is under way.", "Wait until it ends, or stop it."
            ) from None
        yield
    finally:
        os.close(descriptor)
