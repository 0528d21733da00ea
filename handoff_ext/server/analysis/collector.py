"""When Python looks for circles of objects: between answers, never while somebody waits for one.

The trees of a large notebook are a million objects, and looking through all of them takes half a second.
"""

from __future__ import annotations

import gc

_ALL_AFTER = 200
"""Answers after which everything is looked through; after the others, only what is new."""


class Collector:
    """Takes the place of Python's own schedule, from now on."""

    def __init__(self) -> None:
        gc.disable()
        self._answers = 0

    def answered(self) -> None:
        """An answer is on its way: now is the time."""
        self._answers += 1
        gc.collect(1 if self._answers % _ALL_AFTER else 2)
