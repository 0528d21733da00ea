"""Read the pipeline that is to be run."""

from __future__ import annotations

from pathlib import Path

from handoff_ext.contracts.errors import HandoffError, NotFound
from handoff_ext.contracts.pipeline import Manifest
from handoff_ext.pipeline import read_manifest


def read_pipeline(folder: Path) -> Manifest:
    """The manifest of the pipeline in ``folder``, its stages in dependency order.

    Raises:
        NotFound: there is none.
        HandoffError: it cannot be read, or a stage comes before one it needs.
    """
    manifest = read_manifest(folder)
    before: set[str] = set()
    for stage in manifest.stages:
        missing = sorted(set(stage.after) - before)
        if missing:
            raise HandoffError(
                f"Step {stage.name} needs {missing[0]}, which does not come before it.", "Extract the pipeline again."
            )
        before.add(stage.name)
    return manifest


def source_notebook(folder: Path, manifest: Manifest) -> Path:
    """The notebook that the pipeline was extracted from: it lies beside the pipeline's folder.

    Raises:
        NotFound: it is not there any more.
    """
    path = folder.resolve().parent / manifest.source.notebook
    if not path.is_file():
        raise NotFound(f"{manifest.source.notebook} is not beside {folder.name}.", "Say where it is with --notebook.")
    return path
