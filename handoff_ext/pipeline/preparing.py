"""Make a notebook ready to be cut: paths and plain values become parameters, cells become units."""

from __future__ import annotations

from collections.abc import Mapping

from handoff_ext.cells.model import Notebook
from handoff_ext.dataflow.notebook import notebook_flow
from handoff_ext.pipeline.naming import name_paths
from handoff_ext.pipeline.parameters import Draft, find_parameters
from handoff_ext.pipeline.units import Units


def prepare(notebook: Notebook, imports: Mapping[str, str], to_notebook: str) -> tuple[Units, dict[str, Draft]]:
    """The notebook's units and its parameters. ``to_notebook`` leads from the pipeline's folder to the notebook's."""
    named, paths = name_paths(notebook, imports, to_notebook)
    units, drafts = find_parameters(named, imports, to_notebook)
    return units, drafts | paths


def imported_names(notebook: Notebook) -> dict[str, str]:
    """What names are bound to by imports anywhere in the notebook."""
    flow = notebook_flow(notebook)
    return {name: each.path for step in flow.steps.values() for name, each in step.flow.imports.items()}
