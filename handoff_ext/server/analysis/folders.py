"""What lies beside a notebook: its pipeline and the evidence of its runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.names import pipeline_folder

if TYPE_CHECKING:
    from pydantic import BaseModel

    from handoff_ext.contracts.pipeline import Manifest

    M = TypeVar("M", bound=BaseModel)


def manifest_of(notebook: Path) -> Manifest | None:
    """The pipeline's manifest; None where there is no pipeline that can be read."""
    folder = pipeline_folder(notebook)
    if not (folder / "pipeline.yaml").is_file():
        return None
    from handoff_ext.pipeline import read_manifest

    try:
        return read_manifest(folder)
    except HandoffError:
        return None


def evidence_of(notebook: Path, name: str, model: type[M]) -> M | None:
    """A record below ``evidence/``; None where there is none that can be read."""
    file = pipeline_folder(notebook) / "evidence" / f"{name}.json"
    try:
        return model.model_validate(json.loads(file.read_bytes()))
    except (OSError, ValueError):
        return None


def classifies(notebook: Path) -> bool:
    """Whether the model answers with a probability; taken for granted until the pipeline says otherwise."""
    manifest = manifest_of(notebook)
    return manifest is None or manifest.model is None or "predict_proba" in manifest.model.methods
