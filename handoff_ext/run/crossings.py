"""Which values cross a cut, and at which moment of the notebook they are to be the same."""

from __future__ import annotations

from dataclasses import dataclass

from handoff_ext.cells.model import Notebook
from handoff_ext.contracts.pipeline import Manifest
from handoff_ext.dataflow.notebook import NotebookFlow, notebook_flow


@dataclass(frozen=True, slots=True)
class Crossing:
    """``name`` travels from ``writer`` to ``reader``; in the notebook it has that value once ``cell_id`` has run."""

    name: str
    writer: str
    reader: str
    cell_id: str


def crossings(manifest: Manifest, notebook: Notebook) -> list[Crossing]:
    """Every value of every bundle, once a stage that writes it: several readers get the same."""
    flow = notebook_flow(notebook)
    index = {cell.id: cell.index for cell in notebook.cells}
    own = {stage.name: sorted(index[cell] for cell in stage.cells if cell in index) for stage in manifest.stages}
    given = {stage.name: stage.reads for stage in manifest.stages}
    found: dict[tuple[str, str], Crossing] = {}
    for stage in manifest.stages:
        for reader, names in stage.writes.items():
            for name in names:
                at = _moment(flow, own, given, stage.name, name)
                if at is not None and (stage.name, name) not in found:
                    found[stage.name, name] = Crossing(name, stage.name, reader, notebook.cells[at].id)
    return list(found.values())


def _moment(
    flow: NotebookFlow, own: dict[str, list[int]], given: dict[str, dict[str, list[str]]], stage: str, name: str
) -> int | None:
    """The last cell of the stage that may give ``name`` its value; where it only passes on, that of its giver."""
    writing = [index for index in own[stage] if index in flow.steps and name in flow.steps[index].writes]
    if writing:
        return writing[-1]
    for giver, names in given[stage].items():
        if name in names:
            return _moment(flow, own, given, giver, name)
    return own[stage][-1] if own[stage] else None
