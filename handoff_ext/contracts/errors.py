"""Errors that people read: one sentence that says what happened and where, and a hint that says what to do next."""

from __future__ import annotations


class HandoffError(Exception):
    """Wrong use or unreadable input. The command line ends with exit code 2, the server answers 422."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class GateFailed(HandoffError):
    """All was readable, but something that must hold does not: exit code 1."""


class NotFound(HandoffError):
    """What was named is not there."""


class Away(HandoffError):
    """A database does not answer now; what was asked may be asked again later."""


class Cancelled(HandoffError):
    """The user stopped it."""
