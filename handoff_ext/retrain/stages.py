"""What a version may become: one step at a time, never a draft, never without its owner's yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from handoff_ext.contracts.watching import StageOfTrust
from handoff_ext.publish.acceptance import why_only_watching

STAGES: tuple[StageOfTrust, ...] = get_args(StageOfTrust)

GATE = "handoff.gate"
"""Tag of a version that was trained again: ``open``, or why it stays shut."""


def stage_of(tags: Mapping[str, str]) -> StageOfTrust:
    """A version's stage by its tags; one that says nothing only watches."""
    said = tags.get("handoff.stage", "")
    return next((stage for stage in STAGES if stage == said), "shadow")


def may_become(tags: Mapping[str, str], replaces: StageOfTrust = "shadow") -> list[StageOfTrust]:
    """The stages that a version can be promoted to: the next above its own, and those that the version which it
    replaces has earned.

    Args:
        tags: the version's.
        replaces: the stage of the version in charge where that is another; shadow for the one in charge itself.
    """
    if why_not(tags):
        return []
    own = STAGES.index(stage_of(tags))
    highest = min(len(STAGES) - 1, max(own + 1, STAGES.index(replaces)))
    return [stage for stage in STAGES[1 : highest + 1] if STAGES.index(stage) > own or replaces != "shadow"]


def why_not(tags: Mapping[str, str]) -> str:
    """What keeps a version from being promoted, in a sentence; empty where nothing does. A shut gate goes first: no
    owner's yes opens it."""
    return f"It was trained again, and {tags[GATE]}." if gate_shut(tags) else why_only_watching(tags)


def gate_shut(tags: Mapping[str, str]) -> bool:
    """Whether a version was trained again and is not better than the one in charge."""
    return tags.get(GATE, "") not in {"", "open"}


def approves(named: str, by: str) -> bool:
    """Whether ``by`` is the person that a plan names ("Ravi Menon, head of ..."); anybody, where it names nobody."""
    person = " ".join(named.split(",", maxsplit=1)[0].split()).casefold()
    return not person or " ".join(by.split()).casefold() == person
