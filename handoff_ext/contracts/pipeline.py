"""``pipeline.yaml``: what a generated pipeline consists of. ``handoff_ext.pipeline`` writes and reads it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

ParameterType = Literal["str", "path", "date", "int", "float", "bool", "list", "dict", "none"]


class Part(BaseModel):
    """Common settings: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Parameter(Part):
    """A value that can be given from outside. ``path`` is a string that names a file or folder, relative to the
    pipeline's folder."""

    name: str
    type: ParameterType
    default: Any = None
    meaning: str = ""
    stages: list[str] = Field(default_factory=list)


class Stage(Part):
    """One stage notebook.

    ``after`` names the stages whose bundles it reads; ``reads`` maps each of them to the variables taken from its
    bundle ``{run_dir}/{stage}-{this}.pkl``; ``writes`` maps later stages to the variables it puts into theirs.
    ``cells`` are the ids of the source's cells it holds, ``pulled`` those of them that were not tagged but are needed.
    """

    name: str
    notebook: str
    after: list[str] = Field(default_factory=list)
    reads: dict[str, list[str]] = Field(default_factory=dict)
    writes: dict[str, list[str]] = Field(default_factory=dict)
    parameters: list[str] = Field(default_factory=list)
    cells: list[str] = Field(default_factory=list)
    pulled: list[str] = Field(default_factory=list)


class Metric(Part):
    """A measured quality: an expression that is evaluated in the kernel once the cell has run."""

    name: str
    expression: str
    stage: str
    cell_id: str


class Rows(Part):
    """Rows that the model is fitted or asked on: expressions, valid in the named stage once the named cell has run."""

    stage: str
    cell_id: str
    x: str
    y: str | None = None


class Model(Part):
    """Which variable is the model, and how it is asked. ``variable`` is an expression (``rf``, ``models["lr"]``)."""

    variable: str
    stage: str
    cell_id: str
    methods: list[str] = Field(default_factory=lambda: ["predict"])
    train: Rows | None = None
    holdout: Rows | None = None


class Source(Part):
    """The notebook the pipeline was cut from; ``hash`` is SHA-256 of its code cells' sources and tags, in order."""

    notebook: str
    hash: str


class Manifest(Part):
    """The whole of ``pipeline.yaml``. Stages stand in dependency order."""

    version: Literal[1] = 1
    name: str
    source: Source
    kernel: str = "python3"
    run_dir: str = "run"
    parameters: list[Parameter] = Field(default_factory=list)
    stages: list[Stage]
    model: Model | None = None
    metrics: list[Metric] = Field(default_factory=list)
    definitions: list[str] = Field(default_factory=list)
    left_out: list[str] = Field(default_factory=list)
