"""The commands that a CI machine runs in the pipeline's folder, one list for all kinds of CI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.pipeline import Manifest
from handoff_ext.pipeline.commands import executed_folder, papermill_command
from handoff_ext.publish.folder import PipelineFolder
from handoff_ext.publish.locking import PIPELINE
from handoff_ext.publish.uv import compile_pins
from handoff_ext.run.folder import write_text

RUNNER = "tests/papermill.lock"
"""Papermill and pytest with hashes: an environment of their own, so that the model's packages stay exactly theirs."""
_RUNS = ("papermill>=2.7,<3", "pytest>=8")


@dataclass(frozen=True)
class Task:
    """Commands under one title."""

    title: str
    commands: tuple[str, ...]


@dataclass(frozen=True)
class Work:
    """All that CI does. ``keeps`` are the executed notebooks' folder, relative to the pipeline's."""

    name: str
    python: str
    tasks: tuple[Task, ...]
    keeps: str


def ci_work(pipeline: PipelineFolder, given: Mapping[str, Any]) -> Work:
    """What CI does with this pipeline.

    Raises:
        HandoffError: it has no exact package list, or uv cannot make papermill's.
    """
    folder, manifest = pipeline.folder, pipeline.manifest
    if not (folder / PIPELINE).is_file():
        raise HandoffError(f"{folder.name} has no exact package list.", f"Write it: handoff lock {folder}")
    python = ".".join(pipeline.environment.python.split(".")[:2])
    if not (folder / RUNNER).is_file():
        text = compile_pins(_RUNS, python, resolve=True)
        write_text(folder / RUNNER, "# What runs the steps. Beside the model's packages, never among them.\n" + text)
    return Work(manifest.name, python, (*_prepare(manifest), *_steps(manifest, given)), executed_folder(manifest))


def _prepare(manifest: Manifest) -> tuple[Task, ...]:
    return (
        Task(
            "Install the exact packages",
            (
                "python -m venv .ci/packages",
                f".ci/packages/bin/python -m pip install --require-hashes -r {PIPELINE}",
            ),
        ),
        Task(
            "Install papermill",
            (
                "python -m venv .ci/papermill",
                f".ci/papermill/bin/python -m pip install --require-hashes -r {RUNNER}",
                f".ci/packages/bin/python -m ipykernel install --prefix .ci/papermill --name {manifest.kernel}",
            ),
        ),
    )


def _steps(manifest: Manifest, given: Mapping[str, Any]) -> tuple[Task, ...]:
    first = f"mkdir -p {executed_folder(manifest)}"
    made = [
        Task(f"Step {stage.name}", (papermill_command(manifest, stage, given, ".ci/papermill/bin/papermill"),))
        for stage in manifest.stages
    ]
    made[0] = Task(made[0].title, (first, *made[0].commands))
    return (*made, Task("Golden and bad rows", (".ci/papermill/bin/python -m pytest tests",)))


def below(root: Path, folder: Path) -> str:
    """The pipeline's folder as CI finds it after checkout.

    Raises:
        HandoffError: it lies outside.
    """
    try:
        return folder.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise HandoffError(f"{folder} is not below {root}.", "Run it where the pipeline is checked in.") from None
