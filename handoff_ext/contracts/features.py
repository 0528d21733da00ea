"""Where a model's inputs come from: what ``handoff features`` says, and the sidebar's section Inputs shows."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Mark = Literal[
    "same at serving", "needs the whole table", "needs the answer", "not available when deciding", "never declared"
]


class Part(BaseModel):
    """Common settings: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Place(Part):
    """A line of a cell: ``cell`` counts all cells from 1, ``line`` those of its source from 1."""

    cell: int
    cell_id: str
    line: int = 1


class RawColumn(Part):
    """A column of the raw row. ``known`` is what the plan says: is it known at the time of the decision? ``doubt`` is
    the sentence to ask with, empty where there is none. ``alone``, ``without``, ``later``, ``random``: see
    ``ColumnWorth``."""

    name: str
    mark: Mark
    place: Place | None = None
    known: bool | None = None
    doubt: str = ""
    type: str = ""
    unit: str = ""
    alone: float | None = None
    without: float | None = None
    later: float | None = None
    random: float | None = None


class ModelInput(Part):
    """One input of the model. ``origin``: a raw column as it is, derived by the code at ``place``, with ``state`` that
    training learned, or a constant. ``columns`` are the raw columns behind it, as far as they can be told."""

    name: str
    origin: Literal["raw column", "derived", "fitted state", "constant"]
    mark: Mark
    place: Place | None = None
    columns: list[str] = Field(default_factory=list)
    state: list[str] = Field(default_factory=list)
    code: str = ""


class Learned(Part):
    """What training learned from its table and serving keeps: a mean, a scaler, categories, a joined table."""

    name: str
    kind: str
    code: str
    place: Place


class Join(Part):
    """Another table, or what was learned of groups of the rows (``of_rows``), joined by ``keys``.

    ``kept``, once packed: ``lookup`` where the table is kept as training saw it, ``with the row`` where its ``columns``
    have to come with each row, because later rows have new keys, or the plan says so. ``sha256`` is that of the kept
    table's values, ``as_of`` the day on which the run read it.
    """

    table: str
    keys: list[str]
    place: Place
    of_rows: bool = False
    kept: Literal["lookup", "with the row", ""] = ""
    columns: list[str] = Field(default_factory=list)
    rows: int = 0
    sha256: str = ""
    as_of: str = ""


class Scope(Part):
    """A filter of the notebook: a row that it would have dropped is answered "out of scope"."""

    code: str
    place: Place


class Doubt(Part):
    """What cannot be right on one row, why, and what to do about it."""

    mark: Mark
    message: str
    repair: str
    place: Place


class Features(Part):
    """The whole answer. ``level`` is ``raw`` once parity has proven it, ``prepared`` where the model keeps the rows
    that it was fitted on (``reason`` says which cell and why), empty before anything was run. ``frame`` is the table
    whose rows are asked about, ``held_frame`` the one that the hold-out is from where that is another,
    ``answers`` are columns that what is predicted is made from; ``resampled``: rows are added to or taken from the
    training rows by design."""

    version: Literal[1] = 1
    level: Literal["raw", "prepared", ""] = ""
    reason: str = ""
    frame: str = ""
    held_frame: str = ""
    answers: list[str] = Field(default_factory=list)
    resampled: bool = False
    columns: list[RawColumn] = Field(default_factory=list)
    inputs: list[ModelInput] = Field(default_factory=list)
    state: list[Learned] = Field(default_factory=list)
    joins: list[Join] = Field(default_factory=list)
    scope: list[Scope] = Field(default_factory=list)
    doubts: list[Doubt] = Field(default_factory=list)
    compared_rows: int = 0
