"""PSI and Jensen-Shannon of the watch, beside evidently's, on the same values: evidently in an environment of its own.

python benchmarks/drift_figures.py [--write]

``--write`` keeps evidently's figures in benchmarks/figures/drift_figures.json, which a test compares with. evidently
(Apache-2.0) gives the distance by the natural logarithm, the watch to base 2, from 0 to 1: it is multiplied here.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from figures.kept import keep
from uv import find_uv_bin

from handoff_ext.monitor.statistics import jensen_shannon, psi

EVIDENTLY, PANDAS = "0.7.21", "2.3.3"
FIGURES = Path(__file__).parent / "figures" / "drift_figures.json"
THERE = """
import json, sys
import pandas
from evidently.legacy.calculations.stattests import jensenshannon_stat_test, psi_stat_test
from evidently.legacy.core import ColumnType

def column(counts):
    return pandas.Series([str(place) for place, count in enumerate(counts) for _ in range(count)])

found = []
for reference, now in json.load(open(sys.argv[1])):
    pair = column(reference), column(now)
    tests = psi_stat_test, jensenshannon_stat_test
    found.append([float(test.func(*pair, ColumnType.Categorical, 0.1)[0]) for test in tests])
print(json.dumps(found))
"""


def cases() -> list[list[list[int]]]:
    """Pairs of counts over the same bins, none of them empty: from alike to nearly apart, from two bins to twenty."""
    rng = np.random.default_rng(7)
    made = []
    for place in range(40):
        bins = int(rng.integers(2, 21))
        reference = rng.dirichlet(np.full(bins, 2.0))
        moved = rng.dirichlet(np.full(bins, 2.0))
        share = place / 39
        now = (1 - share) * reference + share * moved
        made.append([(1 + rng.multinomial(5000, each)).tolist() for each in (reference, now)])
    return made


def ours(reference: list[int], now: list[int]) -> tuple[float, float]:
    """The watch's two figures."""
    q, p = (np.array(counts) / sum(counts) for counts in (reference, now))
    return psi(p, q), jensen_shannon(p, q)


def theirs(pairs: list[list[list[int]]]) -> list[tuple[float, float]]:
    """evidently's, its distance to base 2."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "cases.json").write_text(json.dumps(pairs))
        (folder / "there.py").write_text(THERE)
        uv, python = find_uv_bin(), str(folder / "env" / "bin" / "python")
        subprocess.run([uv, "venv", "-q", str(folder / "env")], check=True)
        packages = [f"evidently=={EVIDENTLY}", f"pandas=={PANDAS}"]
        subprocess.run([uv, "pip", "install", "-q", "--python", python, *packages], check=True)
        command = [python, "-W", "ignore", "there.py", "cases.json"]
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return [(psi, distance / math.sqrt(math.log(2))) for psi, distance in json.loads(done.stdout.splitlines()[-1])]


def main() -> int:
    """Print the largest differences; 1 where one is above a millionth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    pairs = cases()
    evidently = theirs(pairs)
    rows: list[dict[str, Any]] = []
    apart = [0.0, 0.0]
    for (reference, now), figures in zip(pairs, evidently, strict=True):
        mine = ours(reference, now)
        apart = [max(most, abs(one - other)) for most, one, other in zip(apart, mine, figures, strict=True)]
        rows.append({"reference": reference, "now": now, "PSI": figures[0], "Jensen-Shannon": figures[1]})
    print(f"{len(rows)} pairs of distributions, PSI up to {max(row['PSI'] for row in rows):.2f}")
    print(f"largest difference from evidently {EVIDENTLY}: PSI {apart[0]:.1e}, Jensen-Shannon {apart[1]:.1e}")
    if write:
        figures = {"evidently": EVIDENTLY, "pandas": PANDAS, "cases": rows}
        keep(FIGURES, ["handoff_ext/monitor/statistics.py"], figures)
    return int(max(apart) > 1e-6)


if __name__ == "__main__":
    raise SystemExit(main())
