"""``handoff export``: write what other people's machines run a pipeline with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from handoff_ext.contracts.progress import ProgressSink, silent
from handoff_ext.export.airflow import dag_file, dag_text
from handoff_ext.export.commands import below, ci_work
from handoff_ext.export.github import workflow_file, workflow_text
from handoff_ext.export.gitlab import MAIN, include_text, job_file, job_text
from handoff_ext.export.sample import ensure_sample
from handoff_ext.export.written import repository, write_own
from handoff_ext.publish.folder import PipelineFolder, open_folder
from handoff_ext.run.folder import write_text

Kind = Literal["github", "gitlab", "airflow"]


@dataclass
class Exported:
    """The files that were written, and sentences about what is still to be done."""

    files: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def export(kind: Kind, folder: Path, out: Path | None = None, progress: ProgressSink = silent) -> Exported:
    """Write the workflow, job or DAG of the pipeline in ``folder``; ``out`` names another file than the usual one.

    For CI, a sample of the inputs comes with it, below ``tests/``, unless there is one.

    Raises:
        HandoffError: the pipeline was not run or has no exact package list; it is in no repository; or the file is
            somebody else's.
    """
    pipeline = open_folder(folder)
    command = f"handoff export {kind}"
    if kind == "airflow":
        path = out or pipeline.folder / dag_file(pipeline.manifest.name)
        return Exported([write_own(path, dag_text(pipeline.manifest), command)])
    root = repository(pipeline.folder)
    inside = below(root, pipeline.folder)
    done = Exported()
    values = pipeline.record.parameters
    sample = ensure_sample(pipeline.folder, pipeline.manifest, values, _personal(pipeline), progress)
    done.notes += sample.notes
    work = ci_work(pipeline, sample.parameters)
    if kind == "github":
        done.files.append(write_own(out or root / workflow_file(work.name), workflow_text(work, inside), command))
        return done
    path = write_own(out or root / job_file(work.name), job_text(work, inside), command)
    done.files.append(path)
    if out is None:
        done.notes += _include(root, path, done.files)
    return done


def _include(root: Path, path: Path, files: list[Path]) -> list[str]:
    """See that the repository's own file includes the job; a sentence where only a person can."""
    main, file = root / MAIN, path.relative_to(root).as_posix()
    if not main.exists():
        write_text(main, include_text([file]))
        files.append(main)
    elif file not in main.read_text(encoding="utf-8"):
        return [f"Add to {MAIN}, below include:  - local: /{file}"]
    return []


def _personal(pipeline: PipelineFolder) -> list[str]:
    return [name for name, said in pipeline.plan.columns.items() if said.personal]
