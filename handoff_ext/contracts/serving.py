"""What a published version answers, and why it refuses a row."""

from __future__ import annotations

import datetime
import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, field_validator


class Part(BaseModel):
    """Common settings: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


ProblemKind = Literal[
    "missing",
    "extra",
    "mistyped",
    "null",
    "not a number",
    "infinite",
    "too large",
    "unseen",
    "out of range",
    "not a row",
]


class Remark(Part):
    """A value unlike those that the model knows: the field, and what is known (``80 to 4983``). ``imputed``: it was
    filled in as in training, as the plan wants it; ``problem`` says what was wrong with it."""

    field: str
    known: str
    imputed: bool = False
    problem: ProblemKind | None = None


class Answer(Part):
    """The answer for one row.

    ``prediction`` is what to act on: the model's, or where ``fallback`` is true the plan's (null: a person decides).
    ``guess`` is what the model said where its answer is not to be acted on. ``unusual`` says how its score lies outside
    what the plan calls normal. ``id`` names the answer when its outcome
    is reported.
    """

    id: str
    prediction: Any = None
    model: str
    version: str
    stage: str
    in_scope: bool = True
    unlike_known: list[Remark] = Field(default_factory=list)
    fallback: bool = False
    fallback_reason: str = ""
    guess: Any = None
    unusual: str = ""


class Answers(Part):
    """One answer a row, in the rows' order."""

    answers: list[Answer]


Whole = Annotated[StrictInt, Field(ge=-(2**63), le=2**63 - 1)]
Text = Annotated[str, Field(max_length=1000)]
Told = StrictBool | Whole | StrictFloat | Text | None


class OutcomeReport(Part):
    """What came of one answer: ``truth``, as soon as it is known, and what a person decided (``decision``), which may
    differ from what the model said; null takes an earlier report back. ``known_at`` is when the truth was known, where
    that is not now."""

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    truth: Told = None
    decision: Told = None
    known_at: datetime.datetime | None = None

    @field_validator("known_at", mode="before")
    @classmethod
    def _written(cls, value: object) -> object:
        if isinstance(value, int | float):
            raise ValueError("not a date and time")  # pydantic would take it for seconds since 1970
        return value

    @field_validator("truth", "decision")
    @classmethod
    def _storable(cls, value: Told) -> Told:
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("not finite")
        if isinstance(value, str):
            value.encode()  # half of a surrogate pair can be stored nowhere
            return value.replace("\0", "")
        return value


class OutcomesTaken(Part):
    """How many outcomes were put on record."""

    taken: int


class RowProblem(Part):
    """Why a row is refused. ``row`` counts from 1; ``expected`` is a phrase. Never holds the value that was sent."""

    row: int
    field: str
    problem: ProblemKind
    expected: str


class Refusal(Part):
    """Every error of the serving API."""

    message: str
    hint: str = ""
    problems: list[RowProblem] = Field(default_factory=list)
