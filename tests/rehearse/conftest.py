"""One version, really published from another environment's kernel and rehearsed, for all tests here."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from handoff_ext.contracts.evidence import RehearsalRecord
from handoff_ext.contracts.progress import ProgressSink
from handoff_ext.publish import Version, publish
from handoff_ext.rehearse import rehearse
from tests.publish import made


class Handed(NamedTuple):
    """A published version, what its rehearsal said, and the pipeline's folder."""

    version: Version
    rehearsal: RehearsalRecord
    folder: Path
    steps: list[str]

    @property
    def files(self) -> Path:
        """The version's files in the store."""
        model = self.version.model_uri.removeprefix("models:/")
        (found,) = (self.folder.parent / "mlruns" / self.version.name).glob(f"**/{model}/**/MLmodel")
        return found.parent


@pytest.fixture(scope="session")
def handed(tmp_path_factory: pytest.TempPathFactory, other_kernel: Any) -> Handed:
    """``models:/flights/1``: fitted where neither MLflow nor we are installed."""
    folder = made.make(tmp_path_factory.mktemp("project"), python=str(other_kernel.python))
    steps: list[str] = []
    records: list[RehearsalRecord] = []

    def keep(uri: str, store: str, progress: ProgressSink) -> RehearsalRecord:
        records.append(rehearse(uri, store, progress))
        return records[0]

    version = publish(
        folder, "flights", progress=lambda event: steps.append(f"{event.step} {event.part}"), rehearse=keep
    )
    return Handed(version, records[0], folder, steps)


@pytest.fixture
def copied(handed: Handed, tmp_path: Path) -> Path:
    """The same pipeline in a project of its own, without a store."""
    project = handed.folder.parent
    shutil.copytree(project, tmp_path / "copy", ignore=shutil.ignore_patterns("mlflow.db", "mlruns"))
    return tmp_path / "copy" / handed.folder.name


def can_unshare() -> bool:
    """Whether this system lets us cut off network and folders."""
    return sys.platform.startswith("linux") and os.geteuid() == 0 and shutil.which("unshare") is not None
