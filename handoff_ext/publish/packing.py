"""Packs the model of a run in the environment that trained it, and proves that a fresh process can load it."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.evidence import ColumnsRecord, Environment
from handoff_ext.publish.compare import Comparison, differences, finite, said
from handoff_ext.publish.folder import PipelineFolder, open_folder, read_json
from handoff_ext.publish.kernel import PROBE, run_inside

_INSIDE = Path(__file__).parent / "inside"
WAYS = ("table", "rows", "batches")
BOUND = {"limits": {"rows": 1_000, "batches": 1_000}, "alone": 200, "seconds": 300.0}
"""One by one and in batches, so many rows of the hold-out and of training are asked. ``alone``: for so many of the
single rows the model too, and not only the feature code, gets a table of one row. A way that takes 300 seconds stops,
and parity says so."""
EVERY: dict[str, Any] = {"limits": {"rows": None, "batches": None}, "alone": None, "seconds": None}
"""All rows in every way, the model too one by one, however long it takes."""
PROCESSES = 4
"""At most so many share the asking, no more than there are cores."""
DAY = 86_400.0
LARGEST = 200_000_000
"""Larger models are loaded once only."""


@dataclass(frozen=True)
class Packed:
    """What packing left in ``folder``. ``model`` is published; the rest are plain data made beside it."""

    folder: Path
    key: str

    @property
    def model(self) -> Path:
        """The folder that the served code loads."""
        return self.folder / "model"

    @property
    def rows(self) -> Path:
        """The hold-out rows with recorded answers (``rows.json``)."""
        return self.folder / "rows.json"

    @property
    def answers(self) -> Path:
        """What a fresh process answered, by way of asking (``answers.json``)."""
        return self.folder / "answers.json"

    def environment(self) -> Environment:
        """What the packed model needs when it is loaded and asked, as found in a fresh process."""
        return Environment.model_validate(read_json(self.folder / "pack.json")["environment"])

    def cost(self) -> dict[str, float]:
        """CPU seconds for 1,000 predictions in one table, and peak memory in MB, measured in a fresh process."""
        return dict(read_json(self.folder / "pack.json")["cost"])

    @property
    def level(self) -> Literal["raw", "prepared"]:
        """What rows the model takes."""
        return "raw" if "features" in self.described() else "prepared"

    @property
    def note(self) -> str:
        """What is to be said of the level: why the rows are prepared ones."""
        return str(read_json(self.folder / "pack.json").get("note", ""))

    @property
    def every_row(self) -> bool:
        """Whether all rows were asked in every way."""
        return bool(read_json(self.folder / "pack.json").get("every_row"))

    @property
    def refused(self) -> list[dict[str, Any]]:
        """The worst rows of an attempt with raw rows that was given up."""
        return list(read_json(self.folder / "pack.json").get("refused", []))

    def columns(self) -> ColumnsRecord:
        """What each column is worth on the hold-out."""
        return ColumnsRecord.model_validate(read_json(self.folder / "columns.json"))

    @property
    def compared(self) -> Path:
        """The rows that parity compares: raw ones of hold-out and training, or the prepared hold-out."""
        return self.folder / "parity.json" if self.level == "raw" else self.rows

    def described(self) -> dict[str, Any]:
        """``model.json``: what the model is and how its rows look."""
        return dict(read_json(self.model / "model.json"))


def pack(folder: Path, every_row: bool = False) -> Packed:
    """Pack the run's model, or give back the pack made of the same run.

    ``every_row``: ask it about all its rows in each way, also beyond ``BOUND``.

    The captured model is loaded in the kernel's own interpreter, its functions and classes from the pipeline's modules
    move into a package whose name no other version has, and what is left is loaded and asked in a fresh process.

    Raises:
        HandoffError: there is no run, or the model cannot be packed; the sentence says why.
    """
    pipeline = open_folder(folder)
    if pipeline.manifest.model is None:
        raise HandoffError("The pipeline names no model.", "Choose the model's variable and extract again.")
    if not pipeline.capture.is_file():
        raise HandoffError("The run captured no model.", f"Run it: handoff run {folder} --force")
    key = key_of(pipeline)
    packed = Packed(pipeline.packed, key)
    stamp = pipeline.packed / "pack.json"
    before = read_json(stamp) if stamp.is_file() else {}
    if before.get("key") == key and (before.get("every_row") or not every_row):
        return packed
    aside = pipeline.packed.with_name(f"packing-{os.getpid()}")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        answer, tried = _made(pipeline, aside, key, every_row)
        found = {"key": key, "every_row": every_row, **answer}
        (aside / "pack.json").write_text(
            json.dumps({**found, **{name: tried[name] for name in ("environment", "cost")}})
        )
        shutil.rmtree(pipeline.packed, ignore_errors=True)
        aside.rename(pipeline.packed)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return packed


def _made(pipeline: PipelineFolder, out: Path, key: str, every_row: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Pack with raw rows where that gives the same as training; else with prepared ones, and say why."""
    job = _job(pipeline, out, key)
    answer = run_inside(pipeline.environment.executable, "pack", job, pipeline.folder)
    _say(answer)
    if answer["level"] == "raw":
        try:
            tried = _try(pipeline, out, every_row)
            found = differences(
                read_json(out / "parity.json"), read_json(out / "model" / "model.json"), tried["answers"]
            )
            if found.equal:
                return answer, tried
            job["reason"] = said(found)
        except HandoffError as error:
            found, job["reason"] = Comparison(), f"Asked with raw rows: {error.message}"
        shutil.rmtree(out)
        job["raw"] = False
        answer = run_inside(pipeline.environment.executable, "pack", job, pipeline.folder)
        _say(answer)
        answer["refused"] = [{**row, "difference": finite(row["difference"])} for row in found.worst]
    if answer["level"] == "prepared":
        answer["note"] = _where(pipeline, answer["note"])
    return answer, _try(pipeline, out, every_row)


def _where(pipeline: PipelineFolder, reason: str) -> str:
    """The reason with the cell that most likely stands behind it."""
    traced = pipeline.features
    doubts = [each for each in traced.doubts if each.mark == "needs the whole table"] if traced else []
    if traced is None or not doubts or not reason or reason == traced.reason:
        return reason
    first = doubts[0]
    return f"Cell {first.place.cell}, line {first.place.line}: {first.message} {reason}"


def _job(pipeline: PipelineFolder, out: Path, key: str) -> dict[str, Any]:
    assert pipeline.manifest.model is not None
    traced = pipeline.features
    columns = pipeline.plan.columns
    lifted = (pipeline.folder / "features.py").is_file()
    slug = re.sub(r"\W+", "_", pipeline.manifest.name).strip("_").lower() or "model"
    return {
        "capture": str(pipeline.capture),
        "folder": str(pipeline.folder),
        "out": str(out),
        "package": f"handoff_{slug}_{key[:12]}",
        "methods": pipeline.manifest.model.methods,
        "variable": pipeline.manifest.model.variable,
        "personal": [name for name, column in columns.items() if column.personal],
        "raw": lifted,
        "reason": traced.reason if traced else "",
        "learned": str(pipeline.learned),
        "parameters": pipeline.record.parameters,
        "answers": traced.answers if traced else [],
        "joins": [each.model_dump() for each in traced.joins] if traced else [],
        "kept": {name: table.kept for name, table in pipeline.plan.tables.items() if table.kept},
        "as_of": datetime.datetime.fromtimestamp(pipeline.capture.stat().st_mtime, datetime.UTC).date().isoformat(),
        "held_frame": traced.held_frame if traced else "",
        "resampled": bool(traced and traced.resampled),
        "unknown": [name for name, column in columns.items() if column.known_when_deciding is False],
    }


def _try(pipeline: PipelineFolder, out: Path, every_row: bool) -> dict[str, Any]:
    """Load and ask the pack in a fresh process, in every way; leave the answers beside it."""
    raw = (out / "parity.json").is_file()
    job = {
        "model": str(out / "model"),
        "rows": str(out / ("parity.json" if raw else "rows.json")),
        "probe": str(PROBE),
        **(EVERY if every_row else BOUND),
    }
    tried = _asked(pipeline.environment.executable, job, out)
    (out / "answers.json").write_text(json.dumps(tried["answers"]))
    from handoff_ext.run.environment import environment

    whole = tried["answers"]["table"]
    cost = {
        "cpu_seconds_per_1000": 1000 * whole["cpu_seconds"] / max(1, len(whole["positions"])),
        "memory_mb": tried["facts"]["memory_mb"],
    }
    return {"environment": environment(tried["facts"]).model_dump(), "cost": cost, "answers": tried["answers"]}


def _asked(executable: str, job: dict[str, Any], out: Path) -> dict[str, Any]:
    """What the pack answers in every way; by processes side by side where it is no burden to load it several times."""
    size = sum(path.stat().st_size for path in (out / "model").rglob("*") if path.is_file())
    count = 1 if size > LARGEST else min(PROCESSES, os.cpu_count() or 1)
    timeout = DAY if job["seconds"] is None else 1_800.0
    jobs = [{**job, "ways": WAYS if not which else WAYS[1:], "share": (which, count)} for which in range(count)]
    with ThreadPoolExecutor(count) as pool:
        first, *others = pool.map(lambda each: run_inside(executable, "ask", each, out, timeout), jobs)
    _say(first)
    for other in others:
        _say(other)
        for way, part in other["answers"].items():
            whole = first["answers"][way]
            whole["positions"] += part["positions"]
            whole["alone"] += part["alone"]
            whole["stopped"] |= part["stopped"]
            for name, values in part["outputs"].items():
                whole["outputs"].setdefault(name, []).extend(values)
    return dict(first)


def asked_once(pipeline: PipelineFolder, packed: Packed, example: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What the packed model answers to rows made up for a version that may store no real ones.

    Raises:
        HandoffError: it does not answer.
    """
    with tempfile.TemporaryDirectory(prefix="handoff-") as aside:
        rows = Path(aside, "rows.json")
        rows.write_text(json.dumps({"columns": example["columns"], "rows": example["data"]}))
        job = {"model": str(packed.model), "rows": str(rows), "ways": ["table"], **BOUND}
        answer = run_inside(pipeline.environment.executable, "ask", {**job, "probe": str(PROBE)}, Path(aside))
    _say(answer)
    return dict(answer["answers"]["table"]["outputs"])


def _say(answer: dict[str, Any]) -> None:
    if "problem" in answer:
        raise HandoffError(str(answer["problem"]), str(answer.get("hint", "")))


def key_of(pipeline: PipelineFolder) -> str:
    """Changes with the captured model, the pipeline's modules, how it is asked, and how we pack."""
    digest = hashlib.sha256()
    ours = [*sorted(_INSIDE.glob("*.py")), *(_INSIDE.with_name(f"{name}.py") for name in ("compare", "parity"))]
    for path in [pipeline.capture, *sorted(pipeline.folder.glob("*.py")), *ours]:
        digest.update(path.name.encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    asked = [
        pipeline.manifest.model,
        pipeline.features,
        sorted((name, said.personal, said.known_when_deciding) for name, said in pipeline.plan.columns.items()),
        sorted((name, said.kept) for name, said in pipeline.plan.tables.items() if said.kept),
        pipeline.record.parameters,
    ]
    digest.update(repr([asked, pipeline.environment.executable, pipeline.environment.python]).encode())
    return digest.hexdigest()
