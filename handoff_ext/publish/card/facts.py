"""What the card is filled from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handoff_ext.contracts.evidence import ParityRecord
from handoff_ext.contracts.profile import Profile
from handoff_ext.publish.folder import PipelineFolder
from handoff_ext.publish.locking import Locks
from handoff_ext.publish.measure import Measures


@dataclass(frozen=True, kw_only=True)
class CardFacts:
    """Evidence and plan of one version. ``size`` is that of the packed model in bytes, ``example`` one row to try."""

    name: str
    draft: bool
    pipeline: PipelineFolder
    described: Mapping[str, Any]
    given: Mapping[str, Any]
    measures: Measures
    profile: Profile
    parity: ParityRecord
    locks: Locks
    example: Mapping[str, Any] | None
    size: int
    cost: Mapping[str, float]
    ignored: tuple[tuple[str, str], ...] = ()
    commit: str = ""
