"""What is taken out of which stage after which cell: the model, its rows, metrics."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handoff_ext.contracts.pipeline import Manifest, Rows
from handoff_ext.run.asking import NotAnswered, ask
from handoff_ext.run.parts import PapermillNotebookClient


@dataclass(frozen=True, slots=True)
class Piece:
    """Expressions that are valid after one cell, saved as ``{name: value}`` in the file ``name``.pkl."""

    name: str
    stage: str
    cell_id: str
    values: dict[str, str]


@dataclass(slots=True)
class Taken:
    """What was measured on the way, and what could not be taken, ``{what: why}``."""

    metrics: dict[str, float] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def pieces(manifest: Manifest) -> list[Piece]:
    """The parts of the capture."""
    model = manifest.model
    if model is None:
        return []
    found = [Piece("model", model.stage, model.cell_id, {"model": model.variable})]
    for name, rows in (("train", model.train), ("holdout", model.holdout)):
        if rows is not None:
            found.append(Piece(name, rows.stage, rows.cell_id, _values(name, rows)))
    return found


def capture_stages(manifest: Manifest) -> set[str]:
    """The stages that hold a part of the capture."""
    return {piece.stage for piece in pieces(manifest)}


class Captor:
    """Takes what the manifest names while a notebook runs; ``stage`` None: the whole notebook, not one stage."""

    def __init__(self, manifest: Manifest, stage: str | None, into: Path, cells: list[str]) -> None:
        self.manifest = manifest
        self.into = into
        self.taken = Taken()
        self._steps: dict[str, list[dict[str, Any]]] = defaultdict(list)
        last = cells[-1] if cells else ""
        for piece in pieces(manifest):
            if stage in (None, piece.stage):
                at = piece.cell_id if piece.cell_id in cells else last
                self._steps[at].append({"do": "save", "values": piece.values, "to": str(into / f"{piece.name}.pkl")})
        for metric in manifest.metrics:
            if stage in (None, metric.stage):
                at = metric.cell_id if metric.cell_id in cells else last
                self._steps[at].append({"do": "measure", "metrics": {metric.name: metric.expression}})

    def add(self, cell_id: str, values: dict[str, str], to: Path) -> None:
        """Also save these values after that cell."""
        self._steps[cell_id].append({"do": "save", "values": values, "to": str(to)})

    def due(self, cell_id: str) -> bool:
        """Whether something is taken after this cell."""
        return cell_id in self._steps

    async def after(self, client: PapermillNotebookClient, cell_id: str) -> None:
        """Take what is due after this cell."""
        steps = self._steps.get(cell_id)
        if not steps:
            return
        try:
            answers = await ask(client, "capture", {"do": steps})
        except NotAnswered as error:
            self.taken.problems[f"cell {cell_id}"] = str(error)
            return
        for answer in answers:
            self.taken.metrics.update(answer.get("values", {}) if "problems" in answer else {})
            self.taken.problems.update(answer.get("problems", answer))

    async def assemble(self, client: PapermillNotebookClient) -> None:
        """Join the pieces into ``capture.pkl``, with the model's answers on the hold-out."""
        assert self.manifest.model is not None
        files = [str(self.into / f"{piece.name}.pkl") for piece in pieces(self.manifest)]
        step = {
            "do": "assemble",
            "pieces": files,
            "methods": self.manifest.model.methods,
            "to": str(self.into / "capture.pkl"),
        }
        try:
            [problems] = await ask(client, "capture", {"do": [step]})
        except NotAnswered as error:
            problems = {"capture": str(error)}
        self.taken.problems.update(problems)


def _values(name: str, rows: Rows) -> dict[str, str]:
    values = {f"{name}_x": rows.x}
    if rows.y is not None:
        values[f"{name}_y"] = rows.y
    return values
