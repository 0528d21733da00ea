"""What the sidebar and the server say to each other. ``src/contracts.ts`` is generated from here."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from handoff_ext.contracts.change import NotebookChange
from handoff_ext.contracts.evidence import MeasuredMetric, Proof, StageRun
from handoff_ext.contracts.features import Features
from handoff_ext.contracts.finding import Finding, Ignored
from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.progress import Progress
from handoff_ext.contracts.shipping import Shipped
from handoff_ext.contracts.watching import LiveModel, StageOfTrust


class Part(BaseModel):
    """Common settings: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class CellText(Part):
    """One cell of the open notebook. ``output_text`` is the text of its outputs (stdout, stderr, text/plain, error),
    capped, never images; ``ignored`` is the cell's ``metadata.handoff.ignore``."""

    id: str
    kind: Literal["code", "markdown", "raw"]
    source: str
    tags: list[str] = Field(default_factory=list)
    execution_count: int | None = None
    output_text: str = ""
    ignored: dict[str, str] = Field(default_factory=dict)


class OpenNotebook(Part):
    """The unsaved document. Only cells that changed since the last request travel in ``changed``; ``order`` names all.
    Where the server no longer knows a cell, it answers with ``missing`` and the sidebar sends those again. ``session``
    tells apart two browser tabs that hold different unsaved states of the same notebook."""

    path: str
    session: str = ""
    order: list[str]
    changed: list[CellText] = Field(default_factory=list)
    language: str = "python"
    kernel: str = ""
    metadata: dict[str, Any] = Field(default_factory=dict)


class Unparsable(Part):
    """A cell that Python cannot parse: it was not checked, the others were."""

    cell_id: str
    line: int
    message: str


class CheckAnswer(Part):
    """Findings of the open notebook. ``trains_model`` is false on notebooks with nothing to hand over."""

    missing: list[str] = Field(default_factory=list)
    findings: list[Finding] = Field(default_factory=list)
    ignored: list[Ignored] = Field(default_factory=list)
    unparsable: list[Unparsable] = Field(default_factory=list)
    checked: int = 0
    trains_model: bool = False
    supported: bool = True


class FixRequest(Part):
    """Which findings to fix: their keys, or all safe ones where ``keys`` is null."""

    notebook: OpenNotebook
    keys: list[str] | None = None


class FixAnswer(Part):
    """The change, to be applied as one undoable step, and how it looks as a unified diff."""

    missing: list[str] = Field(default_factory=list)
    change: NotebookChange = Field(default_factory=NotebookChange)
    diff: str = ""
    advice: list[str] = Field(default_factory=list)


class IgnoreRequest(Part):
    """Ignore a rule everywhere in the project (written to ``pyproject.toml``). "Here" is cell metadata: the sidebar's
    own edit."""

    path: str
    rule: str
    reason: str


class VariablesRequest(Part):
    """Names of environment variables to write into ``.env.example`` beside the notebook, or to take back. Values are
    never written."""

    path: str
    names: list[str] = Field(max_length=100)
    remove: bool = False


class VariablesAnswer(Part):
    """The names whose lines were written or taken back."""

    names: list[str]


class CellStep(Part):
    """What one cell is for. ``suggested`` until the person keeps it; ``pulled`` where no tag but need brings it in."""

    cell_id: str
    role: str
    stage: str | None = None
    suggested: bool = False
    pulled: bool = False
    reason: str = ""


class StepRow(Part):
    """One step of the list."""

    stage: str
    title: str
    cells: list[str]
    pulled: list[str] = Field(default_factory=list)
    pulled_reason: str = ""


class ModelChoice(Part):
    """A fitted model that could be the one handed over."""

    variable: str
    cell_id: str
    chosen: bool = False


class StepsRequest(Part):
    """Ask for the steps of the open notebook; ``model`` is the chosen variable where there are several."""

    notebook: OpenNotebook
    model: str | None = None


class StepsAnswer(Part):
    """Steps from tags where there are tags, suggested else; ``change`` keeps the suggestions as tags. Where ``problem``
    is that ``again_name`` cannot be handed over, ``again`` has each step make it for itself."""

    missing: list[str] = Field(default_factory=list)
    cells: list[CellStep] = Field(default_factory=list)
    steps: list[StepRow] = Field(default_factory=list)
    left_out: list[str] = Field(default_factory=list)
    models: list[ModelChoice] = Field(default_factory=list)
    change: NotebookChange = Field(default_factory=NotebookChange)
    again: NotebookChange = Field(default_factory=NotebookChange)
    again_name: str = ""
    problem: str = ""


class FactsRequest(Part):
    """Compare the steps of the open notebook with its running kernel ``kernel_id``, empty where none runs."""

    notebook: OpenNotebook
    model: str | None = None
    kernel_id: str = ""


class StepWarning(Part):
    """What the running kernel says against a cut: beside the step ``stage`` that takes ``variable``."""

    stage: str
    variable: str
    text: str


class FactsAnswer(Part):
    """What the running kernel says of the variables that steps hand to each other. ``checked``: how many were there;
    ``unmade``: those that were not."""

    missing: list[str] = Field(default_factory=list)
    warnings: list[StepWarning] = Field(default_factory=list)
    checked: int = 0
    unmade: list[str] = Field(default_factory=list)


class InputsAnswer(Part):
    """The section Inputs of the open notebook, asked for with a ``StepsRequest``. ``problem`` says in one sentence why
    nothing could be traced; what was proven is of the last test run, and ``stale`` where the notebook changed since."""

    missing: list[str] = Field(default_factory=list)
    features: Features = Field(default_factory=Features)
    stale: bool = False
    problem: str = ""


class Prefill(Part):
    """A suggested answer to a plan field, and where it is from ("from cell 1", "measured")."""

    field: str
    value: Any
    source: str


class MissingField(Part):
    """A plan field without an answer; ``blocks`` where publishing waits for it."""

    field: str
    title: str
    blocks: bool


class Reviewed(Part):
    """One of the five questions of an operational review, with the plan's answer; empty: a gap, closed in ``field``."""

    question: str
    answer: str
    field: str


class PlanAnswer(Part):
    """The plan as it stands, with its form's schema. ``text`` is the file's text, ``path`` where it lies or would."""

    path: str
    exists: bool
    plan: Plan
    schema_: dict[str, Any] = Field(default_factory=dict, alias="schema")
    prefill: list[Prefill] = Field(default_factory=list)
    missing: list[MissingField] = Field(default_factory=list)
    review: list[Reviewed] = Field(default_factory=list)
    problem: str = ""


class PlanRequest(Part):
    """New answers for a plan: the server gives back the file's new text, comments kept; the sidebar saves it."""

    path: str
    plan: Plan
    text: str | None = None


class PlanText(Part):
    """The plan's file after the change."""

    path: str
    text: str
    missing: list[MissingField] = Field(default_factory=list)
    review: list[Reviewed] = Field(default_factory=list)


class Published(Part):
    """The version that was handed over last. Paths are relative to the server's root; ``web`` only where the store has
    one. ``tested`` is what the clean-machine test found, line by line."""

    name: str
    version: int
    uri: str
    tracking_uri: str
    draft: bool
    rehearsed: bool
    stale_cells: int = 0
    card: str = ""
    lock: str = ""
    runbook: str = ""
    web: str = ""
    tested: list[str] = Field(default_factory=list)


class Overview(Part):
    """What is known of a notebook beside its findings: its pipeline, last run, proof and published version. ``edited``
    names the stages that a person changed by hand since they were extracted."""

    pipeline: str = ""
    current: bool = False
    stages: list[StageRun] = Field(default_factory=list)
    metrics: list[MeasuredMetric] = Field(default_factory=list)
    proof: Proof | None = None
    published: Published | None = None
    lacks: list[str] = Field(default_factory=list)
    install: str = ""
    expected_seconds: dict[str, float] = Field(default_factory=dict)
    model_name: str = ""
    tracking_uri: str = ""
    edited: list[str] = Field(default_factory=list)


class Comparison(Part):
    """What differs, in sentences, and as text that marks what goes with "-" and what comes with "+"."""

    summary: list[str] = Field(default_factory=list)
    diff: str = ""


JobKind = Literal["build", "test-run", "publish"]
JobState = Literal["queued", "running", "cancelling", "done", "failed", "cancelled"]


class JobRequest(Part):
    """Start a job on the saved notebook. ``build`` extracts the pipeline and runs nothing; ``force`` repeats
    stages that did not change."""

    kind: JobKind
    path: str
    name: str = ""
    tracking_uri: str = ""
    draft: bool = False
    model: str | None = None
    kernel: str = ""
    force: bool = False


class Job(Part):
    """A job and how far it is. ``error`` is one sentence, ``cell_id`` where it went wrong in the source notebook."""

    id: str
    kind: JobKind
    path: str
    state: JobState
    progress: list[Progress] = Field(default_factory=list)
    started: str = ""
    seconds: float = 0.0
    result: Shipped | None = None
    error: str = ""
    hint: str = ""
    cell_id: str = ""
    executed: str = ""


class Jobs(Part):
    """All jobs the server knows, newest first."""

    jobs: list[Job] = Field(default_factory=list)


class Live(Part):
    """The models in production of one store, those with alerts first. ``as_of`` is ISO 8601 in UTC."""

    tracking_uri: str
    as_of: str
    models: list[LiveModel] = Field(default_factory=list)


class LiveRequest(Part):
    """Do something with a model in production; ``by`` is the person's name, asked for inline.

    ``promote`` needs ``to`` and takes ``version`` (the candidate's, or null for the one in charge); ``accept`` needs
    ``version``, ``acknowledge`` needs ``alert``; ``report`` writes the HTML report. ``path`` is the open notebook,
    whose store is asked where ``tracking_uri`` is empty.
    """

    action: Literal["check", "promote", "roll back", "retrain", "acknowledge", "report", "accept"]
    path: str
    name: str
    by: str = ""
    tracking_uri: str = ""
    to: StageOfTrust | None = None
    version: str | None = None
    alert: int | None = None


class LiveAnswer(Part):
    """What came of it, in one sentence, and how things stand now. ``report`` is the written file, relative to the
    server's root."""

    said: str
    live: Live
    report: str = ""


class Failure(Part):
    """Every error of the server: what happened, and what to do next."""

    message: str
    hint: str = ""
