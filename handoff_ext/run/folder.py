"""Where a run's files lie, and how its records are written."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ValidationError

from handoff_ext.contracts.errors import GateFailed
from handoff_ext.contracts.evidence import RunRecord
from handoff_ext.contracts.pipeline import Stage


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The paths of one run: ``folder`` is the pipeline, ``run_dir`` where its stages leave what they made, ``records``
    where the run's record goes (None: ``evidence/``)."""

    folder: Path
    run_dir: Path
    records: Path | None = None

    @property
    def record(self) -> Path:
        """``evidence/run.json``, or where else the run's record goes."""
        return (self.records or self.folder / "evidence") / "run.json"

    def recording_in(self, records: Path) -> RunFolder:
        """The same run, its record elsewhere."""
        return replace(self, records=records)

    @property
    def model(self) -> Path:
        """What was captured of the model."""
        return self.run_dir / "model"

    @property
    def learned(self) -> Path:
        """What training learned of its table for preparing later rows (``training_rows.py`` writes it)."""
        return self.run_dir / "learned.pkl"

    def executed(self, stage: Stage) -> Path:
        """The stage's executed notebook."""
        return self.run_dir / "executed" / Path(stage.notebook).name

    def bundle(self, writer: str, reader: str) -> Path:
        """What ``writer`` hands ``reader``."""
        return self.run_dir / f"{writer}-{reader}.pkl"

    def shown(self, path: Path) -> str:
        """A path as records show it: relative to the pipeline where it lies below it."""
        return os.path.relpath(path, self.folder).replace(os.sep, "/")


def write_text(path: Path, text: str) -> None:
    """Write aside, then rename: a reader sees the old file or the new one, never half of it.

    Raises:
        GateFailed: the disk is full or the folder cannot be written.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise GateFailed(
            f"{path.name} could not be written: {reason}.",
            f"Make room in {path.parent}, or see that it can be written.",
        ) from error


def write_record(path: Path, record: BaseModel) -> None:
    """Write a record as JSON."""
    write_text(path, record.model_dump_json(indent=1) + "\n")


def read_record(folder: Path) -> RunRecord | None:
    """The pipeline's last run; None where there is none that can be read."""
    try:
        return RunRecord.model_validate_json((folder / "evidence" / "run.json").read_bytes())
    except (OSError, ValidationError):
        return None
