"""How fast ``handoff check`` is, beside the least that any check must do: reading, ``json`` and ``ast.parse``.

Four figures: notebooks a CPU second on one core with all rules, and the peak of memory; that bound, and what ruff and
detect-secrets need for the same files where they are installed; CPU of one command on one small notebook, start
included; and, in the analysis process beside JupyterLab, from a changed cell of a notebook of 200 to its findings.
Without a folder the notebooks are made: cells of the examples and of the labelled set, with outputs and images.

    python benchmarks/check_speed.py [FOLDER] [--notebooks 240] [--keystrokes 200]
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from labelled.reader import labelled_notebooks

ROOT = Path(__file__).parents[1]
BOUND = """
import ast, json, sys, warnings
from pathlib import Path
warnings.simplefilter("ignore")
count = 0
for path in sys.stdin.read().split("\\n"):
    try:
        cells = json.loads(Path(path).read_bytes()).get("cells", [])
    except (ValueError, OSError, AttributeError):
        continue
    count += 1
    for cell in cells:
        if cell.get("cell_type") == "code":
            source = cell.get("source", "")
            try:
                ast.parse(source if isinstance(source, str) else "".join(source))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                pass
print(count)
"""
CHECK = """
import sys
from handoff_ext.checks import check_paths
print(check_paths([path for path in sys.stdin.read().split("\\n") if path]).checked)
"""
SECRETS = """
import json, sys
from pathlib import Path
from detect_secrets.core.scan import scan_line
from detect_secrets.settings import default_settings
count = 0
with default_settings():
    for path in sys.stdin.read().split("\\n"):
        try:
            cells = json.loads(Path(path).read_bytes()).get("cells", [])
        except (ValueError, OSError, AttributeError):
            continue
        count += 1
        for cell in cells:
            source = cell.get("source", "")
            for line in (source if isinstance(source, str) else "".join(source)).split("\\n"):
                list(scan_line(line))
print(count)
"""
LIVE = """
import json, sys, time
from pathlib import Path
from handoff_ext.contracts.sidebar import OpenNotebook
from handoff_ext.server.analysis.notebooks import Notebooks
sources, rounds = json.load(sys.stdin)
notebooks, root = Notebooks(), Path.cwd()
def cell(number, source):
    return {"id": f"c{number}", "kind": "code", "source": source, "tags": [], "ignored": {}, "execution_count": None,
            "output_text": ""}
order = [f"c{number}" for number in range(len(sources))]
sent = {"path": "a.ipynb", "session": "s", "order": order, "metadata": {}, "language": "python", "kernel": ""}
first = [cell(*each) for each in enumerate(sources)]
notebooks.check(root, OpenNotebook.model_validate({**sent, "changed": first}))
times = []
for number in range(rounds):
    at = number * 37 % len(sources)
    message = json.dumps({**sent, "changed": [cell(at, f"{sources[at]}\\nx{number} = {number}")]})
    begin, wall = time.process_time(), time.perf_counter()
    answer = notebooks.check(root, OpenNotebook.model_validate_json(message))
    answer.model_dump_json() if hasattr(answer, "model_dump_json") else json.dumps(str(answer))
    times.append((time.process_time() - begin, time.perf_counter() - wall))
print(json.dumps(times))
"""


def cpu(command: Sequence[str], given: str = "") -> tuple[float, str]:
    """CPU seconds of a command and what it prints."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run(command, input=given, capture_output=True, text=True, check=False).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, said


def best(code: str, paths: Sequence[Path], runs: int = 2) -> tuple[float, int]:
    """Least CPU seconds of a script that is given the paths, its start taken off, and how many it read."""
    start = min(cpu([sys.executable, "-c", code])[0] for _ in range(runs))
    measured = [cpu([sys.executable, "-c", code], "\n".join(map(str, paths))) for _ in range(runs)]
    return max(min(seconds for seconds, _ in measured) - start, 1e-9), int(measured[0][1] or 0)


def peak(paths: Sequence[Path]) -> float:
    """Megabytes of memory at the most while all paths are checked."""
    code = CHECK + "import resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    return int(cpu([sys.executable, "-c", code], "\n".join(map(str, paths)))[1].split()[-1]) / 1024


def made(folder: Path, count: int) -> list[Path]:
    """Notebooks of 10 to 60 cells, with outputs, a third of them images."""
    rng = random.Random(3)
    pool = [cell for each in labelled_notebooks() for cell in each.raw["cells"]]
    for path in sorted((ROOT / "example_notebooks").glob("*/*.ipynb")):
        pool += json.loads(path.read_text())["cells"] * 8
    image = base64.b64encode(rng.randbytes(60_000)).decode()
    paths = []
    for number in range(count):
        cells = [dict(cell) for cell in rng.choices(pool, k=rng.randint(10, 60))]
        for index, cell in enumerate(cells):
            cell["id"] = f"c{index}"
            if cell["cell_type"] == "code" and rng.random() < 0.15:
                data = {"image/png": image, "text/plain": "<Figure size 640x480 with 1 Axes>"}
                cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": data}]
        raw = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "python"}}, "cells": cells}
        paths.append(folder / f"{number:03}.ipynb")
        paths[-1].write_text(json.dumps(raw, indent=1))
    return paths


def live(paths: Sequence[Path], keystrokes: int) -> list[tuple[float, float]]:
    """CPU and wall seconds from a keystroke's message to its findings, in a notebook of 200 cells."""
    sources: list[str] = []
    for path in paths:
        try:
            cells = json.loads(path.read_bytes())["cells"]
        except (ValueError, OSError, KeyError, TypeError):
            continue
        sources += ["".join(each["source"]) for each in cells if each.get("cell_type") == "code"]
        if len(sources) >= 200:
            break
    said = cpu([sys.executable, "-c", LIVE], json.dumps([sources[:200], keystrokes]))[1]
    return [(one, two) for one, two in json.loads(said or "[]")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=os.environ.get("HANDOFF_NOTEBOOKS"))
    parser.add_argument("--notebooks", type=int, default=240, help="how many to make where no folder is given")
    parser.add_argument("--keystrokes", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if options.folder:
            paths = sorted(each for each in Path(options.folder).rglob("*.ipynb") if each.is_file())
        else:
            paths = made(Path(scratch), options.notebooks)
        seconds, count = best(BOUND, paths)
        print(
            f"{count} notebooks, {sum(each.stat().st_size for each in paths) / 1e6:.0f} MB; start of Python taken off"
        )
        print(f"bound (read, json, ast.parse)  {count / seconds:7.0f} a CPU second")
        ours, checked = best(CHECK, paths)
        print(f"handoff check, all rules       {checked / ours:7.0f} a CPU second (at least 100), ", end="")
        print(f"{ours / seconds:.1f} times the bound (at most 3), {peak(paths):.0f} MB at the most (below 150)")
        ruff = cpu([sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "-q", *map(str, paths)])[0]
        print(f"ruff, its standard rules       {count / ruff:7.0f} a CPU second")
        if importlib.util.find_spec("detect_secrets"):
            theirs, count = best(SECRETS, paths[:60], runs=1)
            print(f"detect-secrets, sources alone  {count / theirs:7.0f} a CPU second")
        small = Path(scratch) / "small.ipynb"
        cell = {
            "cell_type": "code",
            "id": "a",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": "x = 1",
        }
        small.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
        one = min(cpu([sys.executable, "-m", "handoff_ext", "check", str(small)])[0] for _ in range(5))
        print(f"one small notebook, start included: {one:.2f} s of CPU (below 0.3)")
        times = live(paths, options.keystrokes)
        for name, column in (("CPU", 0), ("wall", 1)):
            values = sorted(each[column] * 1000 for each in times)
            middle, high = statistics.median(values), values[int(0.95 * len(values))]
            print(f"keystroke to findings, {name}: median {middle:.0f} ms, 95th percentile {high:.0f} ms (below 150)")


if __name__ == "__main__":
    main()
