"""What the running kernel says of variables that steps hand to each other."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class VariableFact(BaseModel):
    """One variable. ``bytes``: what it takes when saved; ``saved``: whether it can be pickled, ``large`` and ``slow``
    where that was too much to try; ``error``: why it cannot be."""

    name: str
    type: str
    bytes: int = 0
    saved: Literal["yes", "no", "large", "slow"] = "yes"
    error: str = ""


class SharedFact(BaseModel):
    """Two variables that are the ``same`` object, hold a ``part`` in common, or use the same ``memory``."""

    one: str
    other: str
    how: Literal["same", "part", "memory"]


class KernelFacts(BaseModel):
    """All that was asked for and was there."""

    variables: list[VariableFact] = Field(default_factory=list)
    shared: list[SharedFact] = Field(default_factory=list)
