"""What later steps need and can be had while earlier ones wait for other processes."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable


def ahead(task: Callable[[], object]) -> None:
    """Begin ``task`` beside the step at work. What fails here fails again, with its sentence, where it is needed."""

    def quietly() -> None:
        with contextlib.suppress(Exception):
            task()

    threading.Thread(target=quietly, daemon=True, name="handoff-ahead").start()
