"""What a run, a proof, a parity check and a rehearsal measured. Written as JSON below ``evidence/`` of a pipeline."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """Common settings: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Distribution(Part):
    """An installed distribution that a kernel used; ``direct`` is its PEP 610 ``direct_url.json`` where there is one,
    without user names and passwords; ``requires`` are the names of the distributions it needs here and now."""

    name: str
    version: str
    requires: list[str] = Field(default_factory=list)
    loaded: bool = True
    direct: dict[str, Any] | None = None
    installer: str = ""


class Environment(Part):
    """What a kernel ran on: the ground of the lock."""

    executable: str = ""
    python: str
    platform: str
    libc: str = ""
    cuda: str = ""
    distributions: list[Distribution] = Field(default_factory=list)


class StageRun(Part):
    """One stage as it ran. ``notebook`` is the executed notebook relative to the pipeline's folder; ``seconds`` and
    ``memory_mb`` of a cached stage are those of the run that made it."""

    name: str
    status: Literal["ok", "cached", "failed", "cancelled"]
    seconds: float
    notebook: str
    memory_mb: float = 0.0
    key: str = ""
    error: str = ""
    cell_id: str = ""


class MeasuredMetric(Part):
    """A metric's value; ``notebook`` is empty until a proof has run the notebook."""

    name: str
    pipeline: float | None = None
    notebook: float | None = None


class Compared(Part):
    """One comparison of the proof. ``kind`` says what was compared; ``verdict`` what came out.

    ``unseeded``: the notebook's own two runs already differ, so nothing can be said.
    """

    name: str
    kind: Literal["value", "metric", "output", "prediction"]
    stage: str
    verdict: Literal["equal", "close", "different", "unseeded", "not compared"]
    detail: str = ""
    difference: float | None = None


class Proof(Part):
    """Pipeline and notebook compute the same, or don't. ``equal`` only where something was compared, nothing was
    different and nothing that the model or a metric depends on was left uncompared."""

    equal: bool
    compared: list[Compared] = Field(default_factory=list)
    compared_values: int = 0
    max_difference: float = 0.0
    seconds: float = 0.0
    reason: str = ""


class RunRecord(Part):
    """``evidence/run.json``: one run of the pipeline."""

    version: Literal[1] = 1
    hash: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    stages: list[StageRun]
    metrics: list[MeasuredMetric] = Field(default_factory=list)
    environment: Environment | None = None
    inputs: dict[str, str] = Field(default_factory=dict)
    """Parameter name of each input file to ``sha256:...`` of its content."""
    problems: dict[str, str] = Field(default_factory=dict)
    """What could not be taken out of the kernels (``model``, ``predict``, a metric's name), and why."""
    proof: Proof | None = None


class MappedRun(Part):
    """One of many runs: the values that are its own, where its files lie, what came out."""

    values: dict[str, Any]
    run_dir: str
    status: Literal["ok", "failed", "cancelled"]
    seconds: float = 0.0
    stages: list[StageRun] = Field(default_factory=list)
    metrics: dict[str, float] = Field(default_factory=dict)
    error: str = ""


class ManyRuns(Part):
    """``evidence/map.json``: runs of one pipeline for several values of its parameters."""

    version: Literal[1] = 1
    runs: list[MappedRun]


class ColumnParity(Part):
    """One column of the model's own inputs, or one of its answers, over all ways of asking."""

    name: str
    kind: Literal["input", "answer"]
    values: int
    different: int = 0
    max_difference: float | None = 0.0


class ParityRecord(Part):
    """``evidence/parity.json``: the packed model, loaded in a fresh process, gives row by row what training gave.

    ``level``: ``raw`` where it is asked with raw rows, which ``features.py`` prepares; else with the prepared rows that
    it was fitted on, and ``why_prepared`` says which cell stands in the way. ``refused`` are the worst rows of an
    attempt with raw ones. ``ways``: in which ways it was asked, and about which rows; ``every_row``: all, in each.
    """

    version: Literal[1] = 1
    equal: bool
    level: Literal["raw", "prepared"]
    rows: int
    ways: list[str] = Field(default_factory=list)
    compared_values: int = 0
    max_difference: float = 0.0
    reason: str = ""
    worst: list[dict[str, Any]] = Field(default_factory=list)
    training_rows: int = 0
    holdout_rows: int = 0
    every_row: bool = False
    columns: list[ColumnParity] = Field(default_factory=list)
    why_prepared: str = ""
    refused: list[dict[str, Any]] = Field(default_factory=list)


class ColumnWorth(Part):
    """A raw column beside the model: its score ``alone``, what the model loses ``without`` it, and its score alone on
    ``later`` data and at a ``random`` split, where the rows have moments."""

    name: str
    alone: float | None = None
    without: float | None = None
    later: float | None = None
    random: float | None = None


class ColumnsRecord(Part):
    """``evidence/columns.json``: what each column is worth on the hold-out, to see what is too good to be true.

    ``measure`` is ROC AUC, share of right answers, or R²; ``chance`` the score of somebody who knows no column.
    """

    version: Literal[1] = 1
    measure: str = ""
    model: float | None = None
    chance: float = 0.0
    columns: list[ColumnWorth] = Field(default_factory=list)
    reason: str = ""


class Verdict(Part):
    """One verdict of a rehearsal."""

    passed: bool | None = None
    reason: str = ""
    compared_values: int = 0
    max_difference: float = 0.0
    seconds: float = 0.0


class RehearsalRecord(Part):
    """``evidence/rehearsal.json``: what a clean machine made of the version."""

    version: Literal[1] = 1
    model_uri: str
    predicts: Verdict
    retrains: Verdict
    isolated: dict[str, bool] = Field(default_factory=dict)
    """What was cut off (``network``, ``home``, ``variables``, ``folder``) and whether the system allowed it."""
    steps: dict[str, float] = Field(default_factory=dict)
