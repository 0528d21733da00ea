"""Findings about secrets: where each place's words are made."""

from __future__ import annotations

from collections.abc import Iterable

from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.fixing.secrets import is_fixable
from handoff_ext.checks.rule import Hit
from handoff_ext.checks.secrets.shown import shown
from handoff_ext.checks.secrets.uses import Place, SecretUse


def secret_hits(facts: CellFacts, place: Place, message: str) -> Iterable[Hit]:
    """One hit for each secret in this place. ``message`` has fields ``{what}`` and ``{variable}``."""
    if not facts.secrets:
        return ()
    return [secret_hit(secret, message) for secret in facts.secrets if secret.place == place]


def secret_hit(secret: SecretUse, message: str, cell: int | None = None) -> Hit:
    """The finding for one secret, with nothing of it but kind, length and end."""
    what = shown(secret.kind, secret.value)
    return Hit(
        spot=secret.spot,
        message=message.format(what=what[0].upper() + what[1:], variable=secret.variable[:40]),
        anchor=f"{secret.kind} {secret.variable} {len(secret.value)}",
        cell=cell,
        confidence="high" if secret.sure else "medium",
        fixable=is_fixable(secret),
        safe=is_fixable(secret),
        subject=secret,
    )
