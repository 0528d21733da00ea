"""Shows that the packed model, loaded in a fresh process, answers row by row what it answered in training."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handoff_ext.contracts.evidence import ColumnParity, ParityRecord
from handoff_ext.contracts.progress import Progress, ProgressSink, silent
from handoff_ext.publish.compare import WORDS, Comparison, differences, finite, said
from handoff_ext.publish.folder import open_folder, read_json
from handoff_ext.publish.packing import Packed, pack

Given = Mapping[str, Any]


def parity(folder: Path, progress: ProgressSink = silent) -> ParityRecord:
    """Compare the answers that the packed model gave in a fresh process, asked in three ways through JSON, with those
    recorded in the run; write ``evidence/parity.json``, and ``evidence/columns.json`` with what each column is worth.

    A model that takes raw rows is asked with them, and its own inputs are compared too, column by column: those of the
    hold-out and of 1,000 training rows. ``ways`` says how many rows were asked one by one and in batches in the time
    there was (for raw rows 4 seconds, but 1,000 rows at least; 5 seconds for prepared ones).

    Raises:
        HandoffError: there is no run, or the model cannot be packed or asked.
    """
    from handoff_ext.run.folder import write_record

    pipeline = open_folder(folder)
    progress(Progress(step="parity", status="running", part="packing and asking"))
    packed = pack(folder)
    given = read_json(packed.compared)
    progress(Progress(step="parity", status="running", part="comparing", total=len(given["rows"])))
    record = _record(packed, given, read_json(packed.answers))
    write_record(pipeline.evidence / "parity.json", record)
    write_record(pipeline.evidence / "columns.json", packed.columns())
    return record


def _record(packed: Packed, given: Given, answers: Given) -> ParityRecord:
    whole = differences(given, packed.described(), answers)
    which = given.get("which") or ["hold-out" if given.get("held_out", True) else "training"] * len(given["rows"])
    raw = packed.level == "raw"
    return ParityRecord(
        equal=whole.equal,
        level=packed.level,
        rows=len(given["rows"]),
        ways=[f"{words} ({len(answers[way]['positions']):,})" for way, words in WORDS.items()],
        compared_values=whole.values,
        max_difference=whole.difference,
        reason=_reason(given, whole, packed.note if raw else ""),
        worst=whole.worst,
        training_rows=which.count("training"),
        holdout_rows=which.count("hold-out"),
        columns=[
            ColumnParity(
                name=name.removeprefix("input "),
                kind="input" if name.startswith("input ") else "answer",
                values=values,
                different=different,
                max_difference=finite(largest),
            )
            for name, (values, different, largest) in whole.columns.items()
        ],
        why_prepared="" if raw else packed.note,
        refused=packed.refused,
    )


def _reason(given: Given, whole: Comparison, note: str) -> str:
    if not whole.values:
        return "No value was compared."
    if whole.different:
        return said(whole)
    notes = [note] if note else []
    if given.get("source", "run") != "run":
        notes.append("The run recorded no answers; compared with those of the model before it was packed.")
    if given.get("left_out"):
        notes.append(f"{given['left_out']} rows with infinite values cannot be sent and were left out.")
    return " ".join(notes)
