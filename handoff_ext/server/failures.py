"""Which HTTP status an exception gets, and which sentence. Used in the server and in the analysis process."""

from __future__ import annotations

import re
import traceback

from handoff_ext.contracts.errors import HandoffError, NotFound

INTERNAL = ("Something went wrong in handoff-ext.", "Try again; the server's log says more.")


class WrongUse(HandoffError):
    """The request itself is wrong: not JSON, not as the contract says."""


class Conflict(HandoffError):
    """Right in itself, but not possible as things stand."""


class AnalysisFailed(HandoffError):
    """The analysis process gave no answer."""


_STATUS: tuple[tuple[type[HandoffError], int], ...] = (
    (WrongUse, 400),
    (NotFound, 404),
    (Conflict, 409),
    (AnalysisFailed, 500),
    (HandoffError, 422),
)


def failure_of(error: BaseException) -> tuple[int, dict[str, str]]:
    """HTTP status and ``Failure`` of an exception. Only ``HandoffError`` says its own words."""
    if isinstance(error, HandoffError):
        status = next(status for kind, status in _STATUS if isinstance(error, kind))
        return status, {"message": error.message, "hint": error.hint}
    return 500, {"message": INTERNAL[0], "hint": INTERNAL[1]}


def for_the_log(error: BaseException) -> str:
    """Kind and place of an error, without its message: a message may quote a cell, and a cell may hold a secret."""
    frames = traceback.extract_tb(error.__traceback__)
    return "\n".join([type(error).__qualname__, *(f"  {at.filename}:{at.lineno} in {at.name}" for at in frames)])


def printed_for_the_log(lines: list[str]) -> str:
    """The same of a traceback that another process printed: its places, and the error's kind."""
    places = [line.rstrip() for line in lines if line.startswith('  File "')]
    kind = next((match[0] for line in reversed(lines) if (match := re.match(r"[A-Za-z_][\w.]*(?=:|$)", line))), "")
    return "\n".join([kind, *places]) if places else ""
