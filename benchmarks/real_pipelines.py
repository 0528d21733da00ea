"""Real notebooks, from a folder as it was cloned to a pipeline that provably computes the same: no edit by hand.

For every notebook below the given folders, in path order: does it train anything, and does it run from top to bottom as
it is on the kernel? Those that do go through ``handoff ship NOTEBOOK --yes --draft --until prove`` in a fresh copy of
their folder. Where that says *equal*, a judge that knows nothing of our proof looks again: what each cell that stands
word for word in a stage printed there must be what it printed in a plain run of the notebook by nbclient.

What was found out is kept below ``--state``, a file a notebook, so that an interrupted measurement goes on; delete
``shipped/`` in it to measure again. With ``--minutes`` it stops by itself, to be called again. Nothing of the notebooks
themselves is kept. Slow, and needs repositories that are not ours to hand on: without folders it says so and ends well.

    python benchmarks/real_pipelines.py REPOSITORY... --kernel NAME [--state DIR] [--figures FILE] [--limit 300]
        [--minutes M]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from figures.kept import keep
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

CELL_LIMIT = 120
LARGE = 60 * 10**6
TRAINS = re.compile(r"\.fit(_transform|_predict|_resample)?\s*\(|cross_val(_score|_predict|idate)\s*\(|\.train\s*\(")
RUN_DEPENDENT = re.compile(
    r"\b0x[0-9a-f]{6,16}\b|[\d.]+ ?(?:ns|[µu]s|ms|s|min)\b|/tmp/\S+|(?<=<)\w+\.(?=\w+ at|\w+ object)"
)

COVERS = ["handoff_ext/cells", "handoff_ext/dataflow", "handoff_ext/pipeline", "handoff_ext/run"]
CAUSES = {
    "a file that is not there": ("FileNotFoundError", "DatabaseError", "No such file"),
    "network": ("URLError", "HTTPError", "ConnectionError", "LookupError", "gaierror"),
    "a package that is not there": ("ModuleNotFoundError", "requires nbformat", "Line magic function"),
    "a name that no cell makes before": ("NameError",),
}
"""Why a notebook does not run, by what its error says; ``LookupError``: data sets of nltk, to be downloaded."""


class Late(Exception):
    """The time limit of a whole notebook is over."""


def main() -> int:
    """Measure, and print what came out of each notebook and of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--kernel", default="python3")
    parser.add_argument("--state", type=Path, default=Path(tempfile.gettempdir()) / "handoff-real-pipelines")
    parser.add_argument("--figures", type=Path, help="write the figures there, without the notebooks' content")
    parser.add_argument("--limit", type=int, default=300, help="seconds for one notebook's whole way")
    parser.add_argument("--until", default="prove")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no notebook after so many")
    given = parser.parse_args()
    if not given.folders:
        print("No repository given: nothing measured. The last figures are in benchmarks/figures/.")
        return 0
    state = given.state / given.kernel
    found: list[dict[str, Any]] = []
    end = time.monotonic() + 60 * given.minutes
    for name, path in notebooks(given.folders):
        if time.monotonic() > end:
            print(f"Stopped before {name}: call again to go on.")
            return 1
        ran = kept(state / "ran", name, lambda path=path: run_as_it_is(path, given.kernel))
        outcome = {"outcome": ran["status"], "why": ran["why"]}
        if ran["status"] == "runs":
            outcome = kept(
                state / "shipped",
                name,
                lambda path=path, ran=ran: shipped(path, given.kernel, given.limit, given.until, ran["printed"]),
            )
        found.append({"notebook": name, "runs": ran["status"] == "runs", **outcome})
        print(f"{outcome['outcome']:>16}  {name}  {outcome['why']}", flush=True)
    summary = summed(found)
    print(json.dumps(summary, indent=1))
    if given.figures:
        keep(given.figures, COVERS, {"kernel": given.kernel, **summary, "each": each_of(found)})
    return 0


def notebooks(folders: list[Path]) -> Iterator[tuple[str, Path]]:
    """All notebooks in path order, with the name they are reported by: repository and path in it."""
    for folder in sorted(folders):
        for path in sorted(folder.rglob("*.ipynb")):
            parts = path.relative_to(folder).parts
            if ".ipynb_checkpoints" not in parts and not path.stem.endswith(".handoff"):
                yield f"{folder.name}/{'/'.join(parts)}", path


def kept(folder: Path, name: str, measure: Any) -> dict[str, Any]:
    """What was found out before, or is now."""
    file = file_of(folder, name)
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        answer = json.dumps({"notebook": name, **measure()})
        aside = file.with_suffix(".part")
        aside.write_text(answer, encoding="utf-8")
        aside.replace(file)
    answer: dict[str, Any] = json.loads(file.read_bytes())
    return answer


def file_of(folder: Path, name: str) -> Path:
    """Where what was found out about a notebook is kept."""
    return folder / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.json"


def run_as_it_is(path: Path, kernel: str) -> dict[str, Any]:
    """Whether a notebook trains something and runs from top to bottom, and what its cells print."""
    try:
        raw = json.loads(path.read_bytes())
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:  # whatever is not a notebook
        return {"status": "unreadable", "why": str(error)[:120]}
    language = raw.get("metadata", {}).get("kernelspec", {}).get("language", "python")
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    if language.lower() != "python":
        return {"status": "not Python", "why": language}
    if not TRAINS.search(code):
        return {"status": "trains nothing", "why": ""}
    with fresh_copy(path) as copy, limited(2 * CELL_LIMIT):
        resources = {"metadata": {"path": str(copy.parent)}}
        client = NotebookClient(
            notebook, timeout=CELL_LIMIT, startup_timeout=CELL_LIMIT, kernel_name=kernel, resources=resources
        )
        try:
            client.execute()
        except (Late, CellTimeoutError):
            return {"status": "too slow", "why": f"over {CELL_LIMIT} s in a cell or {2 * CELL_LIMIT} s in all"}
        except (CellExecutionError, DeadKernelError, RuntimeError) as error:
            why = f"{getattr(error, 'ename', type(error).__name__)}: {getattr(error, 'evalue', error)}"
            return {"status": "does not run", "why": " ".join(why.split())[:160]}
        finally:
            if client.km is not None:
                client.km.shutdown_kernel(now=True)
    return {"status": "runs", "why": "", "printed": [[cell.source, said(cell)] for cell in code_of(notebook)]}


def shipped(path: Path, kernel: str, limit: int, until: str, printed: list[list[str]]) -> dict[str, Any]:
    """What ``handoff ship`` makes of a notebook that runs."""
    began = time.monotonic()
    with fresh_copy(path) as copy:
        done = ship(copy, until, kernel, limit)
        if done is None:
            return {"outcome": "too slow", "why": f"over {limit} s", "seconds": limit}
        try:
            steps = json.loads(done.stdout)["steps"]
        except (ValueError, KeyError):
            last = done.stderr.strip().rpartition("\n")[2][:200]
            return {
                "outcome": "crash" if "Traceback" in done.stderr else "refused",
                "why": last or f"exit {done.returncode}",
            }
        model, again = handed_over(copy), ""
        proven = any(step["step"] == "prove" and step["status"] == "ok" for step in steps)
        if proven:
            again = judged(copy, printed)
    answer = {"seconds": round(time.monotonic() - began, 1), "model": model, "steps": steps}
    failed = next((step for step in steps if step["status"] == "failed"), None)
    if again:
        return {"outcome": "silently wrong?", "why": again, **answer}
    if failed is None:
        return {"outcome": "equal", "why": next(s["detail"] for s in reversed(steps) if s["detail"]), **answer}
    outcome = {"prove": "not equal", "run": "run failed"}.get(failed["step"], "refused")
    if proven:
        outcome = f"equal, {failed['step']} failed"
    elif "two runs of the notebook" in failed["reason"]:
        outcome = "unseeded"
    return {"outcome": outcome, "why": failed["reason"], **answer}


def ship(copy: Path, until: str, kernel: str, limit: int) -> subprocess.CompletedProcess[str] | None:
    """``handoff ship`` on a notebook, ended with all that it started after ``limit`` seconds; None where it was."""
    options = ["--name", "real", "--yes", "--draft", "--until", until, "--kernel", kernel, "--format", "json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "handoff_ext", "ship", str(copy), *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        out, err = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def handed_over(copy: Path) -> str:
    """The model as the manifest names it."""
    from handoff_ext.pipeline import read_manifest

    try:
        model = read_manifest(copy.with_name(f"{copy.stem}_pipeline")).model
    except Exception:  # there is no pipeline
        return ""
    return f"{model.variable} ({model.stage})" if model else ""


def judged(copy: Path, printed: list[list[str]]) -> str:
    """Where a cell of a stage printed something else than the same cell of the notebook; empty where none did."""
    texts: dict[str, set[str]] = {}
    for source, text in printed:
        texts.setdefault(source.strip(), set()).add(text)
    pipeline = copy.with_name(f"{copy.stem}_pipeline")
    compared = json.loads((pipeline / "evidence" / "run.json").read_bytes())["proof"]["compared"]
    unseeded = {one["name"] for one in compared if one["verdict"] == "unseeded"}
    for stage in sorted((pipeline / "run" / "executed").glob("*.ipynb")):
        for cell in code_of(nbformat.read(stage, as_version=4)):
            known = texts.get(cell.source.strip())
            if known and said(cell) not in known and f"cell {cell.id}" not in unseeded:
                return f"{stage.stem}, cell {cell.source.strip()[:60]!r} prints otherwise than in the notebook"
    return ""


def code_of(notebook: Any) -> list[Any]:
    """Its code cells with any code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def said(cell: Any) -> str:
    """What a cell printed and showed as text, without addresses, times and folders."""
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            parts.append(output.text)
        elif output.output_type in ("execute_result", "display_data"):
            parts.append(output.data.get("text/plain", "") + "\n")
    return RUN_DEPENDENT.sub("", "".join(parts))


@contextmanager
def fresh_copy(path: Path) -> Iterator[Path]:
    """The notebook in a copy of its folder, without what is very large."""
    with tempfile.TemporaryDirectory(prefix="handoff-real-", ignore_cleanup_errors=True) as aside:

        def large(folder: str, names: list[str]) -> list[str]:
            files = [Path(folder, name) for name in names]
            return [file.name for file in files if file.is_file() and file.stat().st_size > LARGE]

        shutil.copytree(path.parent, Path(aside) / "folder", ignore=large)
        yield Path(aside) / "folder" / path.name


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raises ``Late`` inside once the time is over."""

    def late(*_: Any) -> None:
        raise Late

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def summed(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Denominators, exclusions and the share that is proven equal of those that say the same twice themselves."""
    outcomes = Counter(each["outcome"].partition(",")[0] for each in found if each["runs"])
    judgeable = sum(outcomes.values()) - outcomes["unseeded"]
    return {
        "notebooks": len(found),
        "excluded": dict(Counter(cause(each["outcome"], each["why"]) for each in found if not each["runs"])),
        "run as they are": sum(outcomes.values()),
        "outcomes": dict(outcomes),
        "proven equal of those with the same result twice": f"{outcomes['equal']} of {judgeable}",
    }


def cause(outcome: str, why: str) -> str:
    """Why a notebook is left out, in a word."""
    if outcome != "does not run":
        return outcome
    return next((word for word, signs in CAUSES.items() if any(sign in why for sign in signs)), "age or own failure")


def each_of(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The notebooks that run, as the figures are committed: without their content."""
    columns = ("notebook", "outcome", "why", "model", "seconds")
    return [{column: each[column] for column in columns if column in each} for each in found if each["runs"]]


if __name__ == "__main__":
    sys.exit(main())
