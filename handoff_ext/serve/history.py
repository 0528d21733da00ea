"""What one visitor of the page asked before: kept in memory, bounded, by a cookie that says nothing else."""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass, replace

from starlette.requests import Request

COOKIE = "handoff-visit"
VISITORS, ANSWERS = 1000, 20


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a visitor: the answer's id, what it said, and the outcome once it was given."""

    id: str
    headline: str
    outcome: str = ""


class History:
    """The last 20 answers of each of the last 1,000 visitors."""

    def __init__(self) -> None:
        self._of: OrderedDict[str, deque[Asked]] = OrderedDict()

    def visitor(self, request: Request) -> str:
        """The visitor's cookie, or a new one."""
        given = request.cookies.get(COOKIE, "")
        return given if re.fullmatch(r"[\w-]{32}", given, re.ASCII) else secrets.token_urlsafe(24)

    def seen(self, visitor: str) -> list[Asked]:
        """The visitor's answers, newest first."""
        return [*reversed(self._of.get(visitor, ()))]

    def add(self, visitor: str, asked: Asked) -> None:
        """Remember one."""
        self._of.setdefault(visitor, deque(maxlen=ANSWERS)).append(asked)
        self._of.move_to_end(visitor)
        while len(self._of) > VISITORS:
            self._of.popitem(last=False)

    def outcome(self, visitor: str, id: str, outcome: str) -> None:
        """Note what came of an answer."""
        mine = self._of.get(visitor)
        for place, asked in enumerate(mine or ()):
            if mine is not None and asked.id == id:
                mine[place] = replace(asked, outcome=outcome)
