"""A small sample of a pipeline's inputs and the parameters to run on it, for machines that have no data."""

from __future__ import annotations

import csv
import io
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handoff_ext.contracts.pipeline import Manifest
from handoff_ext.contracts.progress import Progress, ProgressSink
from handoff_ext.run.folder import write_text

_ROWS = (2_000, 20_000)
"""Rows of a table to try; more where the steps do not run on less."""
_WHOLE = 2**20
"""Files that are no tables of lines are taken whole up to this size, in bytes."""
_TABLES = (".csv", ".tsv")


@dataclass(slots=True)
class Sample:
    """What was made: parameters for ``tests/ci.yaml`` and sentences about what is special."""

    parameters: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    kept: float = 1.0
    """The share of the largest table's rows that is in the sample."""


def ensure_sample(
    folder: Path, manifest: Manifest, values: Mapping[str, Any], personal: Sequence[str], progress: ProgressSink
) -> Sample:
    """Write ``tests/sample/``, ``tests/ci.yaml`` and ``tests/golden.json``, unless there is a ``ci.yaml`` already.

    Args:
        folder: the pipeline's folder.
        values: parameters of the last run; paths count from ``folder``.
        personal: columns of which no value may leave this computer: typical values stand in their place.
        progress: told what it is at.
    """
    settings = folder / "tests" / "ci.yaml"
    if settings.exists():
        return Sample(_read_yaml(settings))
    sample = Sample()
    for rows in _ROWS:
        progress(Progress(step="export", status="running", detail=f"a sample of {rows:,} rows"))
        sample = _take(folder, manifest, values, personal, rows)
        write_text(settings, _settings_text(sample))
        why = _run(folder)
        if not why:
            return sample
    sample.notes.append(f"The steps do not run on the sample: {why} Edit tests/ci.yaml, then run tests/sample_run.py.")
    return sample


def _take(folder: Path, manifest: Manifest, values: Mapping[str, Any], personal: Sequence[str], rows: int) -> Sample:
    sample, into = Sample(), folder / "tests" / "sample"
    shutil.rmtree(into, ignore_errors=True)
    for parameter in manifest.parameters:
        value = values.get(parameter.name, parameter.default)
        if parameter.type != "path" or not isinstance(value, str) or "*" in value:
            continue
        source = folder / Path(value).expanduser()
        target = into / f"{parameter.name}{source.suffix}"
        if not source.exists():
            continue  # A place to write to, or an address.
        if source.is_file() and source.suffix.lower() in _TABLES:
            target.parent.mkdir(parents=True, exist_ok=True)
            sample.kept = min(sample.kept, _thin(source, target, rows, personal))
        elif source.is_file() and source.stat().st_size <= _WHOLE and not personal:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        else:
            why = "columns are marked personal" if personal else "it is no table of lines, and large"
            sample.notes.append(f"{parameter.name} has no sample ({why}): put one at tests/sample/ and into ci.yaml.")
            continue
        sample.parameters[parameter.name] = target.relative_to(folder).as_posix()
    for parameter in manifest.parameters:
        value = values.get(parameter.name, parameter.default)
        if parameter.type == "int" and isinstance(value, int) and value >= rows and sample.kept < 1:
            # How many rows to draw, train on or show: as much less as there are less rows.
            sample.parameters[parameter.name] = max(1, int(value * sample.kept))
    return sample


def _thin(source: Path, target: Path, rows: int, personal: Sequence[str]) -> float:
    """Every n-th row, so that all of the table is seen; returns the share that was kept."""
    with source.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        total = sum(1 for _ in _records(file)) - 1
    step = max(1, -(-total // rows))
    with source.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        kept = [record for number, record in enumerate(_records(file)) if number == 0 or (number - 1) % step == 0]
    text = "".join(kept)
    if personal:
        text = _without(text, "\t" if source.suffix.lower() == ".tsv" else ",", personal)
    target.write_bytes(text.encode("utf-8", errors="surrogateescape"))
    return (len(kept) - 1) / total if total > 0 else 1.0


def _records(lines: Iterator[str]) -> Iterator[str]:
    """Rows with their line ends; a quoted value may go over several lines."""
    record = ""
    for line in lines:
        record += line
        if record.count('"') % 2 == 0:
            yield record
            record = ""
    if record:
        yield record


def _without(text: str, separator: str, personal: Sequence[str]) -> str:
    """The table with a typical value in place of each value of a personal column."""
    table = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    for column in [index for index, name in enumerate(table[0]) if name in personal]:
        typical = _typical([row[column] for row in table[1:] if column < len(row)])
        for row in table[1:]:
            if column < len(row):
                row[column] = typical
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(table)
    return out.getvalue()


def _typical(values: list[str]) -> str:
    numbers = []
    for value in filter(None, values):
        try:
            numbers.append(float(value))
        except ValueError:
            return "example"
    return format(statistics.median_low(numbers), "g") if numbers else ""


def _run(folder: Path) -> str:
    """Run the steps on the sample with plain papermill and keep what they give; returns why not, where they fail."""
    (folder / "tests" / "golden.json").unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "tests/sample_run.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if line.strip()]
    return f"{said[-1].strip()[:200]}." if done.returncode and said else "it failed." if done.returncode else ""


def _settings_text(sample: Sample) -> str:
    from ruamel.yaml import YAML

    out = io.StringIO()
    if sample.parameters:
        YAML().dump(sample.parameters, out)
    return "# The parameters that CI runs the pipeline with. Yours to edit.\n" + out.getvalue()


def _read_yaml(path: Path) -> dict[str, Any]:
    from ruamel.yaml import YAML

    found = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else {}
