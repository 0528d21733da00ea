"""What a published version answers, and why it refuses a row."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """Common settings: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Remark(Part):
    """A value unlike those that the model knows: the field, and what is known (``80 to 4983``)."""

    field: str
    known: str


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


ProblemKind = Literal["missing", "extra", "mistyped", "null", "not a number", "infinite", "too large", "not a row"]


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
