"""Compare what the notebook's two runs and the pipeline's run left: values, predictions, metrics, texts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.evidence import Compared, RunRecord
from handoff_ext.contracts.pipeline import Manifest
from handoff_ext.run import outputs
from handoff_ext.run.captures import pieces
from handoff_ext.run.crossings import Crossing
from handoff_ext.run.folder import RunFolder
from handoff_ext.run.parts import nbformat
from handoff_ext.run.reference import Reference
from handoff_ext.run.tolerance import AGAIN, close, same


@dataclass(slots=True)
class Tally:
    """All comparisons, how many single values they covered, and the largest difference among those that are close."""

    compared: list[Compared] = field(default_factory=list)
    values: int = 0
    difference: float = 0.0

    def add(self, one: Compared, values: int) -> None:
        """Count one comparison."""
        self.compared.append(one)
        self.values += values
        if one.verdict == "close":
            self.difference = max(self.difference, one.difference or 0.0)

    @property
    def different(self) -> list[Compared]:
        """What came out otherwise in the pipeline."""
        return [one for one in self.compared if one.verdict == "different"]

    def settle(self, again: Tally) -> None:
        """What differs between the runs of the notebook that ``again`` compared is unseeded, not different."""
        drawn = {_key(one): one for one in again.compared if one.verdict == "unseeded"}
        self.compared = [drawn.get(_key(one), one) if one.verdict == "different" else one for one in self.compared]


def _key(one: Compared) -> tuple[str, str, str]:
    return one.kind, one.stage, one.name


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    kind: Literal["value", "prediction"]
    stage: str
    files: tuple[Path, Path, Path]
    keys: tuple[str, ...]


async def compare_values(
    manifest: Manifest,
    place: RunFolder,
    runs: tuple[Reference, Reference],
    crossing: list[Crossing],
    python: str,
    environment: Mapping[str, str],
    tally: Tally,
) -> None:
    """Compare values and predictions, in the environment of the kernels.

    Raises:
        HandoffError: the comparison itself could not be run there.
    """
    items = [*_crossing_items(place, runs, crossing), *_capture_items(manifest, place, runs)]
    if not items:
        return
    answer = runs[0].folder / "compared.json"
    request = {
        "path": [str(place.folder), str(place.folder.parent)],  # modules beside the notebook
        "answer": str(answer),
        "items": [{"files": [str(file) for file in item.files], "keys": item.keys} for item in items],
    }
    asked = runs[0].folder / "compare.json"
    asked.write_text(json.dumps(request), encoding="utf-8")
    script = Path(__file__).parent / "inside" / "compare.py"
    process = await asyncio.create_subprocess_exec(
        python,
        *("-B", str(script), str(asked)),
        cwd=place.folder,
        env=dict(environment),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode or not answer.is_file():
        why = said.decode(errors="replace").strip().rpartition("\n")[2][:120]
        raise HandoffError(f"Notebook and pipeline could not be compared: {why or 'memory may have run out'}.")
    for item, got in zip(items, json.loads(answer.read_bytes()), strict=True):
        values = got.pop("values")
        tally.add(Compared(name=item.name, kind=item.kind, stage=item.stage, **got), values)


def compare_metrics(
    manifest: Manifest, runs: tuple[Reference, Reference], record: RunRecord, tally: Tally
) -> dict[str, float]:
    """Compare metrics; returns those of the notebook's first run."""
    pipeline = {metric.name: metric.pipeline for metric in record.metrics}
    for metric in manifest.metrics:
        values = [run.metrics.get(metric.name) for run in runs]
        tally.add(*_metric(metric.name, metric.stage, values[0], values[1], pipeline.get(metric.name)))
    return runs[0].metrics


def compare_outputs(manifest: Manifest, place: RunFolder, runs: tuple[Reference, Reference], tally: Tally) -> None:
    """Compare the text that the pipeline's cells print with what the same cells print in the notebook."""
    folders = [str(one) for run in runs for one in (run.folder, run.cwd)]
    folders += [str(place.folder), str(place.folder.parent)]
    first, second = (outputs.texts(run.executed.cells, folders) for run in runs)
    for stage in manifest.stages:
        executed = nbformat.read(place.executed(stage), as_version=4)  # type: ignore[no-untyped-call]
        mine = outputs.texts(executed.cells, folders)
        for cell in stage.cells:
            texts = first.get(cell, ""), second.get(cell, ""), mine.get(cell, "")
            if cell in first and any(texts):
                tally.add(*outputs.compare(stage.name, cell, *texts))


def _metric(
    name: str, stage: str, first: float | None, second: float | None, pipeline: float | None
) -> tuple[Compared, int]:
    def said(verdict: Any, detail: str = "", difference: float | None = None) -> Compared:
        return Compared(name=name, kind="metric", stage=stage, verdict=verdict, detail=detail, difference=difference)

    if first is None or second is None or pipeline is None:
        where = "pipeline" if pipeline is None else "notebook"
        return said("not compared", f"it could not be measured in the {where}"), 0
    if not close(first, second, AGAIN):
        return said("unseeded", "two runs of the notebook differ", abs(first - second)), 0
    if not close(first, pipeline):
        return said("different", f"{first:g} in the notebook, {pipeline:g} in the pipeline", abs(first - pipeline)), 0
    if same(first, pipeline):
        return said("equal"), 1
    return said("close", difference=abs(first - pipeline)), 1


def _crossing_items(place: RunFolder, runs: tuple[Reference, Reference], crossing: list[Crossing]) -> list[_Item]:
    first, second = runs
    return [
        _Item(
            one.name,
            "value",
            one.writer,
            (
                first.snapshot(one.writer, one.cell_id),
                second.snapshot(one.writer, one.cell_id),
                place.bundle(one.writer, one.reader),
            ),
            (one.name,),
        )
        for one in crossing
    ]


def _capture_items(manifest: Manifest, place: RunFolder, runs: tuple[Reference, Reference]) -> list[_Item]:
    """The captured rows and model, and the model's predictions on the hold-out."""
    if manifest.model is None:
        return []
    places = (runs[0].folder / "model", runs[1].folder / "model", place.model)

    def files(name: str) -> tuple[Path, Path, Path]:
        one, two, three = (folder / f"{name}.pkl" for folder in places)
        return one, two, three

    found = [
        _Item(value, "value", piece.stage, files(piece.name), (value,))
        for piece in pieces(manifest)
        for value in piece.values
    ]
    if manifest.model.holdout is not None:
        found += [
            _Item(method, "prediction", manifest.model.stage, files("capture"), ("predictions", method))
            for method in manifest.model.methods
        ]
    return found
