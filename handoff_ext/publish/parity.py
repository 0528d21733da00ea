"""Shows that the packed model, loaded in a fresh process, answers row by row what it answered in training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handoff_ext.contracts.evidence import ColumnParity, ParityRecord
from handoff_ext.contracts.progress import Progress, ProgressSink, silent
from handoff_ext.publish.compare import WORDS, Comparison, differences, finite, said
from handoff_ext.publish.folder import open_folder, read_json
from handoff_ext.publish.packing import Packed, pack

Given = Mapping[str, Any]


def parity(folder: Path, progress: ProgressSink = silent, every_row: bool = False) -> ParityRecord:
    """Compare the answers that the packed model gave in a fresh process, asked in three ways through JSON, with those
    recorded in the run; write ``evidence/parity.json``, and ``evidence/columns.json`` with what each column is worth.

    A model that takes raw rows is asked with them, and its own inputs are compared too, column by column: those of the
    hold-out and of 1,000 training rows. All of these are asked in one table; one by one and in batches all, up to a
    number of rows (``packing.BOUND``), beyond it those that show what is rare and others evenly spread. ``ways`` says
    so.

    Args:
        folder: the pipeline.
        progress: told what is being done.
        every_row: all rows in every way, the model too one by one, however long it takes. It stays with the run.

    Raises:
        HandoffError: there is no run, or the model cannot be packed or asked.
    """
    from handoff_ext.run.folder import write_record

    pipeline = open_folder(folder)
    progress(Progress(step="parity", status="running", part="packing and asking"))
    packed = pack(folder, every_row)
    record = _compared(packed, progress)
    write_record(pipeline.evidence / "parity.json", record)
    write_record(pipeline.evidence / "columns.json", packed.columns())
    return record


def _compared(packed: Packed, progress: ProgressSink) -> ParityRecord:
    """The comparison; once for a pack, as publishing asks for it again."""
    progress(Progress(step="parity", status="running", part="comparing"))
    kept = packed.folder / "parity-record.json"
    if kept.is_file():
        return ParityRecord.model_validate_json(kept.read_bytes())
    given = read_json(packed.compared)
    record = _record(packed, given, read_json(packed.answers))
    kept.write_text(record.model_dump_json(), encoding="utf-8")
    return record


def _record(packed: Packed, given: Given, answers: Given) -> ParityRecord:
    whole = differences(given, packed.described(), answers)
    which = given.get("which") or ["hold-out" if given.get("held_out", True) else "training"] * len(given["rows"])
    raw = packed.level == "raw"
    return ParityRecord(
        equal=whole.equal,
        level=packed.level,
        rows=len(given["rows"]),
        ways=[f"{words} ({_asked(given, which, answers[way])})" for way, words in WORDS.items()],
        compared_values=whole.values,
        max_difference=whole.difference,
        reason=_reason(given, whole, packed.note if raw else ""),
        worst=whole.worst,
        training_rows=which.count("training"),
        holdout_rows=which.count("hold-out"),
        every_row=packed.every_row,
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


def _asked(given: Given, which: list[str], answer: Given) -> str:
    """About how many rows of which a way asked; which ones where it was not all, and how the model was given them."""
    there, asked = Counter(which), Counter(which[position] for position in answer["positions"])
    found = []
    held = there["hold-out"] if "which" in given else len(which)
    if asked == there and held >= given.get("total", 0):
        found.append(f"all {len(answer['positions']):,} rows")
        there.clear()
    for name, among in there.items():
        total = among if name == "training" and "which" in given else max(among, given.get("total", 0))
        if asked[name] == total:
            found.append(f"all {total:,} {name} rows")
            continue
        telling = {each for each in given.get("telling", ()) if which[each] == name}
        every = "every kind of row" if telling <= set(answer["positions"]) else "many kinds of row"
        spread = f"{every} and others evenly spread" if telling and asked[name] < among else "evenly spread"
        found.append(f"{asked[name]:,} of {total:,} {name} rows: {spread}")
    if 0 < answer["alone"] < len(answer["positions"]):
        found.append(f"the model alone for {answer['alone']:,} of them, else for all of a kind at once")
    if answer["stopped"]:
        found.append("stopped there, as it took long")
    return "; ".join(found)


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
