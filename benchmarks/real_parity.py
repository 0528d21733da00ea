"""Real notebooks, from a folder as it was cloned to a model that takes raw rows: how many, how many not and why, how
many wrong. No edit by hand.

Every notebook below the given folders, in path order, that trains something and runs as it is (``real_pipelines.py``
says how that is found out, and both share what they keep) goes through ``handoff ship NOTEBOOK --yes --draft --until
parity`` in a fresh copy of its folder. Where parity with raw rows is proven, a judge that knows nothing of our proof
asks the packed model again and compares with the notebook's own answers on its held-out rows:

- by order: what raw hold-out rows are answered, beside what ``predict`` answers the notebook's own hold-out in a plain
  run by nbclient (where the notebook says something else each time it is run, or holds no rows out: in the pipeline's
  run);
- by label: where the truth of the hold-out carries the row labels of the table that was read (a column of the table
  says the same row by row), the raw rows with these labels are looked up in the table as it is read anew, and asked.

What was found out is kept below ``--state``, a file a notebook; delete ``parity/`` in it to measure again.

    python benchmarks/real_parity.py REPOSITORY... --kernel NAME [--state DIR] [--figures FILE] [--limit 300]
        [--minutes M] [--only TEXT] [--so-far] [--keep DIR]
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
from figures.kept import keep
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from real_pipelines import CELL_LIMIT, file_of, fresh_copy, kept, limited, notebooks, run_as_it_is, ship

COVERS = ["handoff_ext/features", "handoff_ext/publish/inside", "handoff_ext/publish/parity.py"]
NO_MODEL = "fits only transformers"
JUDGE = Path(__file__).parent / "inside" / "ask_again.py"
FIRST = "import copy as _copy; _handed_over = _copy.deepcopy({model})"
THEN = """
import json as _json
with open({file!r}, "w") as _file:
    _json.dump(_handed_over.predict({rows}).tolist(), _file, default=str)
"""


def main() -> int:
    """Measure, and print what came out of each notebook and of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--kernel", default="python3")
    parser.add_argument("--state", type=Path, default=Path(tempfile.gettempdir()) / "handoff-real-pipelines")
    parser.add_argument("--figures", type=Path, help="write the figures there, without the notebooks' content")
    parser.add_argument("--limit", type=int, default=300, help="seconds for one notebook's whole way")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no notebook after so many")
    parser.add_argument("--only", default="", help="only notebooks with this in their name")
    parser.add_argument("--so-far", action="store_true", help="measure nothing, sum up what is known")
    parser.add_argument("--keep", type=Path, help="leave the pipelines there")
    given = parser.parse_args()
    if not given.folders:
        print("No repository given: nothing measured. The last figures are in benchmarks/figures/.")
        return 0
    state = given.state / given.kernel
    found: list[dict[str, Any]] = []
    end = time.monotonic() + 60 * given.minutes
    for name, path in notebooks(given.folders):
        if given.only not in name:
            continue
        if given.so_far and not all(file_of(state / each, name).exists() for each in known(state, name)):
            continue
        if time.monotonic() > end:
            print(f"Stopped before {name}: call again to go on.")
            return 1
        ran = kept(state / "ran", name, lambda path=path: run_as_it_is(path, given.kernel))
        outcome = {"outcome": ran["status"], "why": ran["why"]}
        if ran["status"] == "runs":
            outcome = kept(state / "parity", name, lambda path=path, name=name: measured(path, name, given))
        runs = ran["status"] == "runs" and outcome["outcome"] != NO_MODEL
        found.append({"notebook": name, "runs": runs, **outcome})
        if ran["status"] == "runs":
            print(f"{outcome['outcome']:>12}  {name}  {outcome['why']}", flush=True)
    summary = summed(found)
    print(json.dumps(summary, indent=1))
    if given.figures:
        keep(given.figures, COVERS, {"kernel": given.kernel, **summary, "each": each_of(found)})
    return 0


def known(state: Path, name: str) -> list[str]:
    """What has to be kept of a notebook, so that nothing about it is left to measure."""
    ran = file_of(state / "ran", name)
    runs = ran.exists() and json.loads(ran.read_bytes())["status"] == "runs"
    return ["ran", "parity"] if runs else ["ran"]


def measured(path: Path, name: str, given: argparse.Namespace) -> dict[str, Any]:
    """What ``handoff ship`` makes of a notebook that runs, and what the judge says of it."""
    began = time.monotonic()
    with fresh_copy(path) as copy:
        done = ship(copy, "parity", given.kernel, given.limit)
        if done is None:
            return {"outcome": "too slow", "why": f"over {given.limit} s"}
        try:
            answer = judged(path, copy, json.loads(done.stdout)["steps"], given.kernel)
        except (ValueError, KeyError):
            last = done.stderr.strip().rpartition("\n")[2][:200]
            answer = {"outcome": "crash" if "Traceback" in done.stderr else "no pipeline", "why": last}
        if given.keep:
            shutil.copytree(copy.parent, given.keep / name.replace("/", "+"), dirs_exist_ok=True)
    return {**answer, "seconds": round(time.monotonic() - began, 1)}


def judged(path: Path, copy: Path, steps: list[dict[str, Any]], kernel: str) -> dict[str, Any]:
    """The outcome: ``proven``, ``prepared`` with the cell and reason, ``wrong``, or what failed before."""
    record = copy.with_name(f"{copy.stem}_pipeline") / "evidence" / "parity.json"
    if not record.is_file():
        failed = next((step for step in steps if step["status"] == "failed"), {"step": "", "reason": ""})
        fits_none = "names no model" in failed["reason"]
        return {"outcome": NO_MODEL if fits_none else "no pipeline", "why": f"{failed['step']}: {failed['reason']}"}
    parity = json.loads(record.read_bytes())
    if parity["level"] == "prepared":
        return {"outcome": "prepared", "why": parity["why_prepared"]}
    if not parity["equal"]:
        return {"outcome": "not equal", "why": parity["reason"]}
    proven = any(step["step"] == "prove" and step["status"] == "ok" for step in steps)
    again = asked_again(record.parent.parent)
    own = again["recorded"]
    if proven and parity["holdout_rows"]:
        own = plain_run(path, copy, record.parent.parent, kernel) or own
    wrong = unlike(again["by order"], own) or unlike(again["by label"], own)
    ways = "order and label" if again["by label"] is not None else "order"
    return {
        "outcome": "wrong" if wrong else "proven",
        "why": wrong or f"{parity['holdout_rows'] or 'no'} held-out rows, by {ways}",
        "seeded": proven,
        "by label": again["by label"] is not None,
    }


def asked_again(folder: Path) -> dict[str, Any]:
    """What the packed model answers raw hold-out rows, and what the run recorded of them."""
    from handoff_ext.publish.folder import open_folder

    pipeline = open_folder(folder)
    given = {"packed": str(pipeline.packed), "capture": str(pipeline.capture), "parameters": pipeline.record.parameters}
    answer = subprocess.run(
        [pipeline.environment.executable, str(JUDGE)],
        input=json.dumps(given), cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if answer.returncode:
        raise KeyError(answer.stderr.strip().rpartition("\n")[2])
    found: dict[str, Any] = json.loads(answer.stdout.strip().rpartition("\n")[2])
    return found


def plain_run(path: Path, copy: Path, folder: Path, kernel: str) -> list[Any] | None:
    """What the notebook's own model answers on its hold-out, in a plain run of the notebook as it is."""
    from handoff_ext.pipeline import read_manifest

    model = read_manifest(folder).model
    assert model is not None
    rows = model.holdout
    if rows is None:
        return None
    ids = [cell.get("id") for cell in nbformat.read(copy.with_name(f"{copy.stem}.handoff.ipynb"), as_version=4).cells]
    notebook = nbformat.read(path, as_version=4)
    if model.cell_id not in ids or rows.cell_id not in ids or len(ids) != len(notebook.cells):
        return None
    file = folder / "own_answers.json"
    for cell_id, text in ((model.cell_id, FIRST.format(model=model.variable)), (rows.cell_id, "")):
        cell = notebook.cells[ids.index(cell_id)]
        cell.source += "\n" + (text or THEN.format(file=str(file), rows=rows.x))
    with fresh_copy(path) as other, limited(2 * CELL_LIMIT):
        client = NotebookClient(
            notebook, timeout=CELL_LIMIT, kernel_name=kernel, resources={"metadata": {"path": str(other.parent)}}
        )
        try:
            client.execute()
        except CellExecutionError:  # what is drawn without a seed may fail this once
            return None
        finally:
            if client.km is not None:
                client.km.shutdown_kernel(now=True)
    found: list[Any] = json.loads(file.read_bytes())
    return found


def unlike(answers: list[Any] | None, own: list[Any]) -> str:
    """How answers differ from the notebook's own; empty where they are the same, or none were asked."""
    if answers is None:
        return ""
    if len(answers) != len(own):
        return f"{len(answers)} answers for {len(own)} rows"
    different = [index for index, pair in enumerate(zip(answers, own, strict=True)) if not same(*pair)]
    return f"{len(different)} of {len(own)} answers differ from the notebook's own" if different else ""


def same(one: Any, other: Any) -> bool:
    """Whether two answers are equal, numbers within a millionth."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    if isinstance(other, list) and len(other) == 1:
        return same(one, other[0])
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-6, abs_tol=1e-9)
    except (TypeError, ValueError):
        return str(one) == str(other)


def summed(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Denominators, exclusions, and the share that takes raw rows with parity proven."""
    outcomes = Counter(each["outcome"] for each in found if each["runs"])
    return {
        "notebooks": len(found),
        "excluded": dict(Counter(each["outcome"] for each in found if not each["runs"])),
        "train a model and run": sum(outcomes.values()),
        "outcomes": dict(outcomes),
        "proven with raw rows": f"{outcomes['proven']} of {sum(outcomes.values())}",
        "judged by label too": sum(bool(each.get("by label")) for each in found),
        "judged by the notebook's plain run": sum(
            bool(each.get("seeded")) and not each["why"].startswith(("0 ", "no ")) for each in found
        ),
    }


def each_of(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The notebooks that run, as the figures are committed: without their content."""
    columns = ("notebook", "outcome", "why", "seconds")
    return [{column: each[column] for column in columns if column in each} for each in found if each["runs"]]


if __name__ == "__main__":
    sys.exit(main())
