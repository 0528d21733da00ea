"""One check over many logged predictions: seconds and memory, in a process of its own.

python benchmarks/watch_read.py [--rows 10000000] [--columns 30] [--days 84] [--write]

``--write`` keeps the figures in benchmarks/figures/watch_read.json, with the computer's load before the run.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from figures.kept import keep

from handoff_ext.contracts.profile import ColumnProfile, Profile
from handoff_ext.ledger.place import ledger_of
from handoff_ext.monitor.checking import check
from handoff_ext.serve.version import ServedVersion

NOW = datetime.datetime(2026, 3, 25, 12, tzinfo=datetime.UTC)
SEGMENT = 50_000
FIGURES = Path(__file__).parent / "figures" / "watch_read.json"


def profile_of(table: pa.Table, columns: int) -> Profile:
    inputs = {}
    for index in range(columns):
        values = table[f"in:x{index}"].to_numpy(zero_copy_only=False)
        if index % 5 == 4:
            names, counts = np.unique(values, return_counts=True)
            found = dict(zip(names.tolist(), counts.tolist(), strict=True))
            inputs[f"x{index}"] = ColumnProfile(kind="category", count=len(values), categories=found)
        else:
            counts, edges = np.histogram(values, bins=20)
            span = {"min": float(values.min()), "max": float(values.max())}
            inputs[f"x{index}"] = ColumnProfile(
                kind="number", count=len(values), edges=edges.tolist(), counts=counts.tolist(), **span
            )
    scores = table["out:probability_1"].to_numpy()
    counts, edges = np.histogram(scores, bins=20)
    output = ColumnProfile(
        kind="number", count=len(scores), min=0.0, max=1.0, edges=edges.tolist(), counts=counts.tolist()
    )
    return Profile(rows=len(scores), inputs=inputs, outputs={"probability_1": output}, metrics={"Accuracy": 0.8})


def segment(rng: np.random.Generator, rows: int, columns: int) -> pa.Table:
    content = {
        "id": [f"{number:032x}" for number in rng.integers(0, 2**62, rows)],
        "status": ["answered"] * rows,
        "role": ["champion"] * rows,
        "by": [""] * rows,
        "fallback": [""] * rows,
        "problem": [""] * rows,
        "in_scope": [True] * rows,
        "ms": pa.array(rng.gamma(2, 1, rows).round(2), pa.float32()),
        "out:prediction": [str(each) for each in rng.integers(0, 2, rows)],
        "out:probability_1": rng.random(rows).round(4),
    }
    for index in range(columns):
        known = ["AA", "B6", "DL", "EV", "UA", "US", "WN"]
        content[f"in:x{index}"] = rng.choice(known, rows) if index % 5 == 4 else rng.normal(size=rows).round(4)
    return pa.table(content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--columns", type=int, default=30)
    parser.add_argument("--days", type=int, default=84)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        return read(given.read)
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="watch-read-") as aside:
        folder = Path(aside)
        write(folder, given.rows, given.columns, given.days)
        command = [sys.executable, __file__, "--read", str(folder)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found = json.loads(done.stdout)
    print(
        f"{found['rows']:,} predictions of {given.columns} columns: {found['seconds']:.1f} s, "
        f"{found['mib']:.0f} MiB, {found['alerts']} alerts"
    )
    if given.write:
        figures = {"cores": os.cpu_count(), "load before": round(before, 1), "columns": given.columns}
        rounded = {name: round(value, 1) for name, value in found.items()}
        keep(FIGURES, ["handoff_ext/monitor", "handoff_ext/ledger"], figures | rounded)
    return None


def write(folder: Path, rows: int, columns: int, days: int) -> None:
    """Segments as the gateway's sealer leaves them. One day's values serve for all days: reading costs the same."""
    rng = np.random.default_rng(0)
    table = segment(rng, SEGMENT, columns)
    (folder / "profile.json").write_text(profile_of(table, columns).model_dump_json())
    log = Path(ledger_of(f"sqlite:///{folder}/mlflow.db").log)
    count = max(1, rows // SEGMENT)
    for number in range(count):
        at = NOW - datetime.timedelta(days=days - 1) * (1 - number / count)
        place = log / "m" / "1" / at.date().isoformat()
        place.mkdir(parents=True, exist_ok=True)
        stamped = table.append_column("time", pa.array([at] * SEGMENT, pa.timestamp("ms", tz="UTC")))
        pq.write_table(stamped, place / f"{number}.parquet", compression="zstd")


def read(folder: Path) -> None:
    profile = Profile.model_validate_json((folder / "profile.json").read_text())
    nothing = folder / "none"
    version = ServedVersion(
        uri="",
        name="m",
        version="1",
        stage="advise",
        folder=nothing,
        columns=(),
        lock=nothing,
        python="",
        profile=profile,
    )
    begun = time.perf_counter()
    found = check(version, ledger_of(f"sqlite:///{folder}/mlflow.db"), NOW)
    said = {
        "rows": found.rows,
        "seconds": time.perf_counter() - begun,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "alerts": len(found.alerts),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
