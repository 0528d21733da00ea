"""Open notebooks as the analysis process knows them: cells by id, so that only changed ones travel."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from handoff_ext.cells.model import Cell, Notebook, Output

if TYPE_CHECKING:
    from handoff_ext.contracts.sidebar import CellText, OpenNotebook

DOCUMENTS_KEPT = 32


class Documents:
    """The last state of each open notebook; the one asked for least recently is forgotten first."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], dict[str, CellText]] = OrderedDict()

    def update(self, sent: OpenNotebook) -> Notebook | list[str]:
        """The notebook with the cells that changed; or the ids of cells that must be sent again."""
        key = (sent.path, sent.session)
        known = self._known.pop(key, {}) | {cell.id: cell for cell in sent.changed}
        present = {id_: known[id_] for id_ in sent.order if id_ in known}
        self._known[key] = present
        while len(self._known) > DOCUMENTS_KEPT:
            self._known.popitem(last=False)
        if missing := [id_ for id_ in sent.order if id_ not in present]:
            return missing
        return Notebook(
            path=sent.path,
            cells=tuple(_cell(index, present[id_]) for index, id_ in enumerate(sent.order)),
            metadata=sent.metadata,
            language=sent.language.lower(),
            kernel=sent.kernel,
        )


def _cell(index: int, sent: CellText) -> Cell:
    return Cell(
        index=index,
        id=sent.id,
        kind=sent.kind,
        source=sent.source.replace("\r\n", "\n").replace("\r", "\n"),
        tags=tuple(sent.tags),
        metadata={"tags": sent.tags, "handoff": {"ignore": sent.ignored}} if sent.ignored else {"tags": sent.tags},
        execution_count=sent.execution_count,
        outputs=(Output("stdout", sent.output_text),) if sent.output_text else (),
    )
