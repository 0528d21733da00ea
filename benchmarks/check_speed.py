"""How fast ``handoff check`` is, beside the least that any check must do: reading, ``json`` and ``ast.parse``.

Four figures: notebooks a CPU second on one core with all rules, and the peak of memory; that bound, and what ruff and
detect-secrets need for the same files where they are installed; CPU of one command on one small notebook, start
included; and, in the analysis process beside JupyterLab, from a changed cell of a notebook of 200 to its findings.
The notebooks are made: cells of the examples and of the labelled set, with outputs and images. Those of a folder are
measured too where one is given, and the keystrokes in 200 cells that hold 25,000 lines of its code.

    python benchmarks/check_speed.py [FOLDER] [--joined FOLDER] [--notebooks 240] [--keystrokes 200] [--write]

``--joined``: where those lines are taken from. ``--write`` keeps the figures in ``figures/check_speed.json``.
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
from typing import Any

from figures.kept import keep
from labelled.reader import labelled_notebooks

ROOT = Path(__file__).parents[1]
FIGURES = Path(__file__).parent / "figures" / "check_speed.json"
COVERS = ["handoff_ext/checks", "handoff_ext/cells", "handoff_ext/server/analysis"]
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
from handoff_ext.server.analysis.collector import Collector
from handoff_ext.server.analysis.notebooks import Notebooks
sources, places = json.load(sys.stdin)
collector, notebooks, root = Collector(), Notebooks(), Path.cwd()
def cell(number, source):
    return {"id": f"c{number}", "kind": "code", "source": source, "tags": [], "ignored": {}, "execution_count": None,
            "output_text": ""}
order = [f"c{number}" for number in range(len(sources))]
sent = {"path": "a.ipynb", "session": "s", "order": order, "metadata": {}, "language": "python", "kernel": ""}
first = [cell(*each) for each in enumerate(sources)]
notebooks.check(root, OpenNotebook.model_validate({**sent, "changed": first}))
times = []
for number, at in enumerate(places):
    message = json.dumps({**sent, "changed": [cell(at, f"{sources[at]}\\nx{number} = {number}")]})
    begin, wall = time.process_time(), time.perf_counter()
    answer = notebooks.check(root, OpenNotebook.model_validate_json(message))
    answer.model_dump_json() if hasattr(answer, "model_dump_json") else json.dumps(str(answer))
    times.append((time.process_time() - begin, time.perf_counter() - wall))
    collector.answered()
print(json.dumps(times))
"""


def cpu(command: Sequence[str], given: str = "") -> tuple[float, str]:
    """CPU seconds of a command and what it prints."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run(command, input=given, capture_output=True, text=True, check=False).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, said


def start(code: str) -> float:
    """Least CPU seconds of a script that is given no paths."""
    return min(cpu([sys.executable, "-c", code])[0] for _ in range(2))


def beside(paths: Sequence[Path], runs: int = 3) -> tuple[float, float, int, int]:
    """CPU seconds of the bound and of the check, in turns, the least of each without its start; what each read."""
    given = "\n".join(map(str, paths))
    turns = [[cpu([sys.executable, "-c", code], given) for code in (BOUND, CHECK)] for _ in range(runs)]
    bound, ours = (min(turn[at][0] for turn in turns) - start(code) for at, code in enumerate((BOUND, CHECK)))
    return bound, ours, int(turns[0][0][1]), int(turns[0][1][1])


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


def code_of(paths: Sequence[Path]) -> list[str]:
    """The sources of all code cells."""
    sources: list[str] = []
    for path in paths:
        try:
            cells = json.loads(path.read_bytes())["cells"]
            sources += ["".join(each["source"]) for each in cells if each.get("cell_type") == "code"]
        except (ValueError, OSError, KeyError, TypeError, AttributeError):
            continue
    return [each for each in sources if each.strip()]


def joined(sources: Sequence[str], lines: int, cells: int = 200) -> list[str]:
    """The first sources, whole ones, as so many cells that hold about so many lines together."""
    made: list[str] = []
    taken = 0
    cell: list[str] = []
    for source in sources:
        cell.append(source)
        taken += source.count("\n") + 1
        if taken >= (len(made) + 1) * lines / cells:
            made.append("\n".join(cell))
            cell = []
        if len(made) == cells:
            break
    return made


def keystrokes(sources: Sequence[str], count: int) -> dict[str, dict[str, int]]:
    """Milliseconds from a keystroke's message to its findings, by where in the notebook it is."""
    last = len(sources) - 1
    places = {
        "anywhere": [number * 37 % len(sources) for number in range(count)],
        "in the last ten cells": [last - number % min(10, last + 1) for number in range(count)],
        "in the first cell": [0] * (count // 4),
    }
    found = {}
    for name, ats in places.items():
        said = cpu([sys.executable, "-c", LIVE], json.dumps([sources, ats]))[1]
        times = {}
        for column, kind in enumerate(("CPU", "wall")):
            values = sorted(each[column] * 1000 for each in json.loads(said))
            times[f"{kind}, median"] = round(statistics.median(values))
            times[f"{kind}, 95th percentile"] = round(values[int(0.95 * len(values))])
        print(f"  keystroke {name}, ms (below 150): {times}")
        found[name] = times
    return found


def measured(name: str, paths: Sequence[Path]) -> dict[str, float]:
    """The check beside its bound and peers on the same notebooks."""
    bound, ours, read, checked = beside(paths)
    figures: dict[str, float] = {
        "notebooks": read,
        "MB": round(sum(each.stat().st_size for each in paths) / 1e6),
        "bound (read, json, ast.parse) a CPU second": round(read / bound),
        "checked, all rules, a CPU second": round(checked / ours),
        "times the bound": round(ours / bound, 2),
        "memory MB": round(peak(paths)),
    }
    ruff = cpu([sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "-q", *map(str, paths)])[0]
    figures["ruff, its standard rules, a CPU second"] = round(read / ruff)
    if importlib.util.find_spec("detect_secrets"):
        some = paths[:60]
        seconds, said = cpu([sys.executable, "-c", SECRETS], "\n".join(map(str, some)))
        figures["detect-secrets, sources alone, a CPU second"] = round(int(said) / (seconds - start(SECRETS)))
    print(f"{name} (asked for: 100 a CPU second, at most 3 times the bound, below 150 MB; start of Python taken off)")
    for each, value in figures.items():
        print(f"  {each}: {value}")
    return figures


def small(folder: Path) -> float:
    """CPU seconds of the command on one small notebook, start included."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None, "source": "x = 1"}
    file = folder / "small.ipynb"
    file.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    return round(min(cpu([sys.executable, "-m", "handoff_ext", "check", str(file)])[0] for _ in range(5)), 2)


def notebooks_of(folder: Path) -> list[Path]:
    """All notebooks below a folder."""
    return sorted(each for each in folder.rglob("*.ipynb") if each.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=os.environ.get("HANDOFF_NOTEBOOKS"))
    parser.add_argument("--joined", type=Path, help="where the lines of the large notebook are taken from")
    parser.add_argument("--notebooks", type=int, default=240, help="how many to make")
    parser.add_argument("--keystrokes", type=int, default=200)
    parser.add_argument("--write", action="store_true", help="keep the figures")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        paths = made(Path(scratch), options.notebooks)
        name = "made notebooks (cells of the labelled set, the densest there are)"
        figures[name] = measured(name, paths)
        sources = code_of(paths)[:200]
        name = f"keystrokes in {len(sources)} made cells, {sum(each.count(chr(10)) + 1 for each in sources)} lines"
        print(name)
        figures[name] = keystrokes(sources, options.keystrokes)
        if options.folder:
            folder = Path(options.folder)
            name = f"public notebooks ({', '.join(sorted(each.name for each in folder.iterdir() if each.is_dir()))})"
            figures[name] = measured(name, notebooks_of(folder))
        if options.joined or options.folder:
            folder = Path(options.joined or options.folder)
            sources = joined(code_of(notebooks_of(folder)), 25_000)
            lines = sum(each.count("\n") + 1 for each in sources)
            name = f"keystrokes in {len(sources)} cells with {lines} lines, joined from {folder.name}"
            print(name)
            figures[name] = keystrokes(sources, options.keystrokes)
        name = "one small notebook, start included, CPU seconds (below 0.3)"
        figures[name] = small(Path(scratch))
        print(f"{name}: {figures[name]}")
    if options.write:
        cores = f"{os.cpu_count()} cores shared with other work, load {load:.1f} to {os.getloadavg()[0]:.1f}"
        keep(FIGURES, COVERS, {"computer": cores, **figures})


if __name__ == "__main__":
    main()
