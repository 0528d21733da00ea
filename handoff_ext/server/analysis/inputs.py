"""The section Inputs: traced in the open notebook, with what the last test run showed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.names import pipeline_folder
from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.sidebar import InputsAnswer
from handoff_ext.pipeline.features import features_of
from handoff_ext.pipeline.manifest import source_hash
from handoff_ext.plan import read_plan
from handoff_ext.publish.origins import known, shown
from handoff_ext.server.analysis.folders import manifest_of

if TYPE_CHECKING:
    from pathlib import Path

    from handoff_ext.cells.model import Notebook


def inputs_answer(file: Path, notebook: Notebook, model: str | None) -> InputsAnswer:
    """The inputs of the notebook as it stands unsaved; ``file`` is where it is saved."""
    features = features_of(notebook, model)
    manifest = manifest_of(file)
    stale = manifest is not None and source_hash(notebook) != manifest.source.hash
    if manifest is not None and not stale:
        features = shown(features, pipeline_folder(file))
    try:
        plan = read_plan(file)
    except HandoffError:
        plan = Plan()
    return InputsAnswer(features=known(features, plan), stale=stale, problem="" if features.frame else features.reason)
