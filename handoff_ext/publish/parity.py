"""Shows that the packed model, loaded in a fresh process, answers row by row what it answered in training."""

from __future__ import annotations

from pathlib import Path

from handoff_ext.contracts.evidence import ParityRecord
from handoff_ext.contracts.progress import Progress, ProgressSink, silent
from handoff_ext.publish.compare import Comparison, compare, tolerance_of
from handoff_ext.publish.folder import open_folder, read_json
from handoff_ext.publish.kernel import PROBE, run_inside
from handoff_ext.publish.packing import Packed, pack

WAYS = {"table": "the table at once", "rows": "row by row", "batches": "shuffled in batches of 7"}
LIMIT, SECONDS = 500, 5.0


def parity(folder: Path, progress: ProgressSink = silent) -> ParityRecord:
    """Ask the packed model in three ways and compare with the answers recorded in the run; write ``parity.json``.

    One by one and in batches at most 500 rows or five seconds' worth are asked; ``ways`` says how many it were.

    Raises:
        HandoffError: there is no run or the model cannot be packed or asked.
    """
    pipeline = open_folder(folder)
    progress(Progress(step="parity", status="running", part="packing"))
    packed = pack(folder)
    given, described = read_json(packed.rows), packed.described()
    job = {
        "model": str(packed.model),
        "rows": str(packed.rows),
        "ways": list(WAYS),
        "limit": LIMIT,
        "seconds": SECONDS,
        "probe": str(PROBE),
    }
    progress(Progress(step="parity", status="running", part="comparing", total=len(given["rows"])))
    answer = run_inside(pipeline.environment.executable, "ask", job, packed.folder)
    if "problem" in answer:
        record = ParityRecord(equal=False, level="prepared", rows=0, reason=answer["problem"])
    else:
        record = _record(given, described, answer["answers"])
    from handoff_ext.run.folder import write_record

    for path in (pipeline.evidence / "parity.json", packed.folder / "parity.json"):
        write_record(path, record)
    return record


def kept_parity(packed: Packed) -> ParityRecord | None:
    """The record of this very pack, where it was compared before."""
    try:
        return ParityRecord.model_validate_json((packed.folder / "parity.json").read_bytes())
    except (OSError, ValueError):
        return None


def _record(given: dict, described: dict, answers: dict) -> ParityRecord:  # type: ignore[type-arg]
    whole, ways = Comparison(), []
    for way, words in WAYS.items():
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


def _reason(given: dict, whole: Comparison) -> str:  # type: ignore[type-arg]
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
