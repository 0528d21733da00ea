"""Where a run pipeline's things lie, and reading them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.evidence import Environment, RunRecord
from handoff_ext.contracts.features import Features
from handoff_ext.contracts.pipeline import Manifest
from handoff_ext.contracts.plan import Plan


@dataclass(frozen=True)
class PipelineFolder:
    """A pipeline that has been run. Everything is read when asked for."""

    folder: Path

    @cached_property
    def manifest(self) -> Manifest:
        """``pipeline.yaml``."""
        from handoff_ext.run.manifest import read_pipeline

        return read_pipeline(self.folder)

    @cached_property
    def record(self) -> RunRecord:
        """``evidence/run.json``.

        Raises:
            HandoffError: the pipeline was not run, or its last run failed.
        """
        from handoff_ext.run.folder import read_record

        record = read_record(self.folder)
        if record is None:
            raise HandoffError(f"{self.folder.name} has not been run yet.", f"Run it: handoff run {self.folder}")
        failed = next((stage for stage in record.stages if stage.status not in {"ok", "cached"}), None)
        if failed:
            raise HandoffError(
                f"The last run of {self.folder.name} ended in step {failed.name}.", f"Run it: handoff run {self.folder}"
            )
        return record

    @cached_property
    def environment(self) -> Environment:
        """What the kernels ran on.

        Raises:
            HandoffError: the run did not record it.
        """
        if self.record.environment is None:
            raise HandoffError(
                "The run did not record what it ran on.", f"Run again: handoff run {self.folder} --force"
            )
        return self.record.environment

    @property
    def run_dir(self) -> Path:
        """Where the last run left its bundles."""
        given = self.record.parameters.get("run_dir", self.manifest.run_dir)
        return self.folder / str(given)

    @property
    def capture(self) -> Path:
        """The pickled model with its rows."""
        return self.run_dir / "model" / "capture.pkl"

    @property
    def learned(self) -> Path:
        """What training learned of its table for preparing later rows."""
        return self.run_dir / "learned.pkl"

    @property
    def packed(self) -> Path:
        """What packing leaves."""
        return self.run_dir / "model" / "packed"

    @property
    def evidence(self) -> Path:
        """Records of run, parity and rehearsal."""
        return self.folder / "evidence"

    @property
    def notebook(self) -> Path:
        """The notebook that the pipeline was cut from; its path counts from the pipeline's folder or the one around."""
        given = self.manifest.source.notebook
        inside = self.folder / given
        return inside if inside.is_file() else self.folder.parent / Path(given).name

    @cached_property
    def features(self) -> Features | None:
        """``features.yaml``."""
        from handoff_ext.pipeline.features import read_features

        return read_features(self.folder)

    @cached_property
    def plan(self) -> Plan:
        """The plan beside the notebook."""
        from handoff_ext.plan import read_plan

        return read_plan(self.notebook)


def open_folder(folder: Path) -> PipelineFolder:
    """The pipeline in ``folder``.

    Raises:
        HandoffError: there is no pipeline.
    """
    if not (folder / "pipeline.yaml").is_file():
        raise HandoffError(f"{folder} holds no pipeline.", "Make one: handoff extract NOTEBOOK")
    return PipelineFolder(folder.resolve())


def read_json(path: Path) -> Any:
    """A JSON file that an earlier step wrote.

    Raises:
        HandoffError: it is not there or not whole.
    """
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise HandoffError(f"{path.name} is missing or damaged.", "Run the pipeline again with --force.") from error
