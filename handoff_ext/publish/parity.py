"""Shows that the packed model, loaded in a fresh process, answers row by row what it answered in training."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handoff_ext.contracts.evidence import ParityRecord
from handoff_ext.contracts.progress import Progress, ProgressSink, silent
from handoff_ext.publish.compare import Comparison, compare, tolerance_of
from handoff_ext.publish.folder import open_folder, read_json
from handoff_ext.publish.packing import pack

Given = Mapping[str, Any]
WORDS = {"table": "the table at once", "rows": "row by row", "batches": "shuffled in batches of 7"}


def parity(folder: Path, progress: ProgressSink = silent) -> ParityRecord:
    """Compare the answers that the packed model gave in a fresh process, asked in three ways through JSON, with those
    recorded in the run; write ``evidence/parity.json``.

    One by one and in batches at most 500 rows or five seconds' worth are asked; ``ways`` says how many it were.

    Raises:
        HandoffError: there is no run, or the model cannot be packed or asked.
    """
    from handoff_ext.run.folder import write_record

    pipeline = open_folder(folder)
    progress(Progress(step="parity", status="running", part="packing and asking"))
    packed = pack(folder)
    given = read_json(packed.rows)
    progress(Progress(step="parity", status="running", part="comparing", total=len(given["rows"])))
    record = _record(given, packed.described(), read_json(packed.answers))
    write_record(pipeline.evidence / "parity.json", record)
    return record


def _record(given: Given, described: Given, answers: Given) -> ParityRecord:
    whole, ways = Comparison(), []
    for way, words in WORDS.items():
        part = answers[way]
        whole.add(compare(given["predictions"], part["outputs"], part["positions"], tolerance_of(described), words))
        ways.append(f"{words} ({len(part['positions']):,})")
    return ParityRecord(
        equal=whole.equal,
        level="prepared",
        rows=len(given["rows"]),
        ways=ways,
        compared_values=whole.values,
        max_difference=whole.difference,
        reason=_reason(given, whole),
        worst=whole.worst,
    )


def _reason(given: Given, whole: Comparison) -> str:
    if not whole.values:
        return "No value was compared."
    if whole.different:
        first = whole.worst[0]
        return (
            f"{whole.different:,} of {whole.values:,} answers differ from training, most {first['output']} "
            f"of row {first['row']}, asked {first['way']}."
        )
    notes = []
    if given["source"] != "run":
        notes.append("The run recorded no answers; compared with those of the model before it was packed.")
    if given["left_out"]:
        notes.append(f"{given['left_out']} rows with infinite values cannot be sent and were left out.")
    return " ".join(notes)
