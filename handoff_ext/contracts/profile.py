"""``profile.json``, published beside the model: reference distributions, bounded in size, for checking and watching."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """Common settings: what a newer profile adds is passed over, so that old gateways read it."""

    model_config = ConfigDict(extra="ignore")


class ColumnProfile(Part):
    """One input or output over the reference rows.

    ``missing`` counts nulls and NaN. Numbers have ``min``, ``max`` and ``quantiles`` (``"0.5"`` to value), dates the
    same as ISO text; ``edges`` (n + 1) and ``counts`` (n) are the histogram. Texts of few values have ``categories``
    (value to count, most frequent first) and ``other``, the count of rows whose value is not listed.
    """

    kind: Literal["number", "category", "text", "boolean", "date"]
    count: int = 0
    missing: int = 0
    min: float | str | None = None
    max: float | str | None = None
    quantiles: dict[str, float | str] = Field(default_factory=dict)
    edges: list[float] = Field(default_factory=list)
    counts: list[int] = Field(default_factory=list)
    categories: dict[str, int] = Field(default_factory=dict)
    other: int = 0


class ScoreBin(Part):
    """Of ``count`` reference rows that scored from ``low`` to below ``high``, ``right`` turned out positive."""

    low: float
    high: float
    count: int
    right: int


class Lookup(Part):
    """A table that travels with the model, in which a row is looked up by ``keys``.

    ``found`` is the share of reference rows that are in it; ``known`` the CRC-32 of each key (parts spelled as the
    record does, joined by U+001F), sorted, as little-endian numbers of 32 bits in base64.
    """

    table: str
    keys: list[str]
    found: float = 1.0
    known: str = ""


class Profile(Part):
    """The whole file. ``importance`` is by permutation, greatest first; ``calibration`` only for yes/no models."""

    version: Literal[1] = 1
    rows: int = 0
    inputs: dict[str, ColumnProfile] = Field(default_factory=dict)
    outputs: dict[str, ColumnProfile] = Field(default_factory=dict)
    metrics: dict[str, float] = Field(default_factory=dict)
    slices: list[dict[str, Any]] = Field(default_factory=list)
    lookups: list[Lookup] = Field(default_factory=list)
    importance: dict[str, float] = Field(default_factory=dict)
    calibration: list[ScoreBin] = Field(default_factory=list)
    target: str = ""
