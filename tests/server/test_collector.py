"""Looking for circles of objects waits until an answer is given."""

from __future__ import annotations

import gc
import weakref

from handoff_ext.server.analysis.collector import Collector


class Circle:
    def __init__(self) -> None:
        self.own = self


def test_circles_go_after_an_answer_and_not_before():
    try:
        collector = Collector()
        gone = weakref.ref(Circle())
        assert not gc.isenabled()
        assert gone() is not None
        collector.answered()
        assert gone() is None
    finally:
        gc.enable()
