"""What the steps of the road hand on to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoff_ext.cells.write import write_notebook
from handoff_ext.contracts.names import notebook_name, pipeline_folder
from handoff_ext.contracts.progress import ProgressSink, silent
from handoff_ext.contracts.shipping import StepName

if TYPE_CHECKING:
    from handoff_ext.contracts.evidence import ParityRecord, Proof, RehearsalRecord, RunRecord
    from handoff_ext.contracts.finding import CheckReport
    from handoff_ext.contracts.pipeline import Manifest
    from handoff_ext.publish import Logged, Version


@dataclass(frozen=True, kw_only=True)
class Options:
    """How the road is to be gone.

    ``yes`` takes every safe fix and every suggestion, on a copy; ``until`` ends after that step; ``draft`` goes on
    where a person's answer is missing or the proof failed, and marks the version; without ``retrain`` the clean machine
    only predicts; ``secrets`` are environment variables for the notebook's kernels, kept in memory only.
    """

    name: str = ""
    tracking_uri: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    kernel: str = ""
    plan: Path | None = None
    model: str | None = None
    draft: bool = False
    yes: bool = False
    force: bool = False
    retrain: bool = True
    until: StepName = "predict"
    secrets: Mapping[str, str] = field(default_factory=dict)


class Skipped(Exception):
    """A step that has nothing to do here, and why."""


@dataclass
class Journey:
    """The state of one road. ``source`` is the person's notebook, never written; ``notebook`` is what is worked on: the
    source itself, or its fixed copy."""

    source: Path
    options: Options
    notebook: Path
    progress: ProgressSink = silent
    secrets: dict[str, str] = field(default_factory=dict)
    report: CheckReport | None = None
    manifest: Manifest | None = None
    record: RunRecord | None = None
    proof: Proof | None = None
    parity: ParityRecord | None = None
    logged: Logged | None = None
    rehearsal: RehearsalRecord | None = None
    version: Version | None = None

    @property
    def folder(self) -> Path:
        """The pipeline's folder, beside the notebook."""
        return pipeline_folder(self.source)

    def copy(self, raw: dict[str, Any]) -> None:
        """Go on with this content, written beside the source as ``NAME.handoff.ipynb``."""
        self.notebook = self.source.with_name(f"{notebook_name(self.source)}.handoff.ipynb")
        write_notebook(self.notebook, raw)
