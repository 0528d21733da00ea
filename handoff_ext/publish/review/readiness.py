"""What still stands between a notebook or its pipeline and a stranger, in the order of what blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from handoff_ext.contracts.errors import HandoffError, NotFound
from handoff_ext.contracts.evidence import ParityRecord, RunRecord
from handoff_ext.contracts.names import notebook_name, pipeline_folder
from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.words import count, severity_counts
from handoff_ext.plan import missing, read_plan, review
from handoff_ext.publish.folder import PipelineFolder
from handoff_ext.publish.locking import PIPELINE


@dataclass(frozen=True)
class Row:
    """One thing that must hold. ``do`` is the command that gets on."""

    what: str
    ready: bool
    detail: str
    do: str = ""


@dataclass(frozen=True)
class Readiness:
    """All rows, and the five questions of an operational review with the plan's answers (empty: a gap)."""

    notebook: str
    rows: list[Row] = field(default_factory=list)
    review: list[tuple[str, str]] = field(default_factory=list)


def readiness(target: Path) -> Readiness:
    """What is ready of a notebook, or of the pipeline in a folder.

    Raises:
        NotFound: there is neither.
        HandoffError: it cannot be read.
    """
    notebook, folder = _places(target)
    plan = read_plan(notebook)
    pipeline = PipelineFolder(folder.resolve()) if (folder / "pipeline.yaml").is_file() else None
    rows = [_problems(notebook), _steps(notebook, folder, pipeline)]
    record = _record(folder) if pipeline else None
    rows += [_run(folder, record), _proof(folder, record), _parity(folder), _lock(folder)]
    numbers = pipeline is not None and pipeline.manifest.model is not None
    classifier = not numbers or "predict_proba" in pipeline.manifest.model.methods  # type: ignore[union-attr]
    blocking = [each.title for each in missing(plan, classifier) if each.blocks]
    rows.append(
        Row("Questions", not blocking, f"open: {', '.join(blocking)}" if blocking else "all answered", "edit the plan")
    )
    rows.append(_published(folder, notebook))
    rows.append(_accepted(plan, notebook))
    return Readiness(
        str(notebook), [_done(row) for row in rows], [(each.question, each.answer) for each in review(plan)]
    )


def _done(row: Row) -> Row:
    return Row(row.what, row.ready, row.detail) if row.ready else row


def _places(target: Path) -> tuple[Path, Path]:
    if (target / "pipeline.yaml").is_file():
        return PipelineFolder(target.resolve()).notebook, target
    if target.suffix == ".ipynb" and target.is_file():
        return target, pipeline_folder(target)
    raise NotFound(f"{target} is neither a notebook nor a pipeline.", "Name one of both.")


def _problems(notebook: Path) -> Row:
    from handoff_ext.cells.read import read_notebook
    from handoff_ext.checks import check_notebook

    if not notebook.is_file():
        return Row("Problems", False, f"the notebook {notebook.name} is not here", "")
    found = check_notebook(read_notebook(notebook)).findings
    must = [each for each in found if each.severity == "error"]
    return Row("Problems", not must, severity_counts(found), f"handoff check --fix {notebook}")


def _steps(notebook: Path, folder: Path, pipeline: PipelineFolder | None) -> Row:
    from handoff_ext.cells.read import read_notebook
    from handoff_ext.pipeline.manifest import source_hash

    do = f"handoff extract {notebook}"
    if pipeline is None:
        return Row("Steps", False, f"no pipeline at {folder.name}", do)
    names = ", ".join(stage.name for stage in pipeline.manifest.stages)
    if pipeline.notebook.is_file() and source_hash(read_notebook(pipeline.notebook)) != pipeline.manifest.source.hash:
        return Row("Steps", False, f"{names}; the notebook changed since", do)
    return Row("Steps", True, names)


def _record(folder: Path) -> RunRecord | None:
    from handoff_ext.run.folder import read_record

    return read_record(folder)


def _run(folder: Path, record: RunRecord | None) -> Row:
    do = f"handoff run {folder}"
    if record is None:
        return Row("Test run", False, "not run", do)
    failed = [stage.name for stage in record.stages if stage.status not in {"ok", "cached"}]
    if failed:
        return Row("Test run", False, f"ended in step {failed[0]}", do)
    return Row("Test run", True, f"{sum(stage.seconds for stage in record.stages):.1f} s")


def _proof(folder: Path, record: RunRecord | None) -> Row:
    do, what = f"handoff run {folder} --prove", "Same result as the notebook"
    if record is None or record.proof is None:
        return Row(what, False, "not compared", do)
    return Row(what, record.proof.equal, record.proof.reason or count(record.proof.compared_values, "value"), do)


def _parity(folder: Path) -> Row:
    do, what = f"handoff parity {folder}", "Same answers live as in training"
    try:
        record = ParityRecord.model_validate_json((folder / "evidence" / "parity.json").read_bytes())
    except (OSError, ValueError):
        return Row(what, False, "not compared", do)
    return Row(what, record.equal, record.reason or count(record.compared_values, "value"), do)


def _lock(folder: Path) -> Row:
    from handoff_ext.publish.locking import locked

    path = folder / PIPELINE
    if not path.is_file():
        return Row("Exact package list", False, "not written", f"handoff lock {folder}")
    return Row("Exact package list", True, count(len(locked(path.read_text(encoding="utf-8"))), "package"))


def _accepted(plan: Plan, notebook: Path) -> Row:
    owner = plan.owner
    said = f"{owner.name} on {owner.accepted_on}" if owner.accepted else f"{owner.name or 'nobody'} has not said yes"
    return Row("Accepted by its owner", owner.accepted, said, f"handoff accept {notebook}")


def _published(folder: Path, notebook: Path) -> Row:
    from handoff_ext.publish.folder import read_json

    what, do = "Clean-machine test", f"handoff publish {folder} --name {notebook_name(notebook)}"
    try:
        version = read_json(folder / "evidence" / "published.json")
        words = f"{version['uri']}{' (draft)' if version['draft'] else ''}"
    except (HandoffError, KeyError):
        return Row(what, False, "nothing published", do)
    if not version["rehearsed"]:
        return Row(what, False, f"{words}: untested", f"handoff rehearse {version['uri']}")
    return Row(what, True, f"{words} passed")
