"""What the card is filled from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handoff_ext.contracts.evidence import ParityRecord
from handoff_ext.contracts.profile import Profile
from handoff_ext.publish.folder import PipelineFolder
from handoff_ext.publish.locking import Locks
from handoff_ext.publish.measure import Measures
from handoff_ext.publish.provenance import Checked


@dataclass(frozen=True)
class InCharge:
    """The version in charge when this one was published, and its metrics."""

    version: int
    metrics: Mapping[str, float]


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
    checked: Checked = field(default_factory=Checked)
    commit: str = ""
    in_charge: InCharge | None = None
