"""A five-stage scikit-learn pipeline: ``handoff run`` beside the plain script and papermill's command line, same run.

The work is the same each way: read a table, prepare, split, fit, evaluate. The script does it in one process; papermill
runs the stage notebooks one after the other; ``handoff run`` runs them with nothing cached, in a fresh process each
time, and once more with everything cached. Printed: medians, and ratios to the script. The bound that holds whatever
the machine does is the ratio. ``cpu`` is processor time of the way and all it started: it does not swing with what else
the machine does.

    python benchmarks/pipeline_run.py [--runs 3]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat

from handoff_ext.pipeline import extract, read_manifest
from handoff_ext.pipeline.commands import executed_folder, papermill_command

BOUND = 3.5
CELLS = {
    "load": (
        "import numpy as np\nimport pandas as pd\n\nrng = np.random.default_rng(0)\n"
        "df = pd.DataFrame(rng.normal(size=(20000, 12)), columns=[f'x{i}' for i in range(12)])\n"
        "df['y'] = (df['x0'] + df['x1'] * df['x2'] + rng.normal(size=len(df)) > 0).astype(int)"
    ),
    "features": "df['x12'] = df['x1'] * df['x2']\ndf['x13'] = df['x0'] ** 2",
    "split": (
        "from sklearn.model_selection import train_test_split\n\n"
        "X_train, X_test, y_train, y_test = train_test_split(df.drop(columns='y'), df['y'], random_state=0)"
    ),
    "train": (
        "from sklearn.linear_model import LogisticRegression\nfrom sklearn.pipeline import make_pipeline\n"
        "from sklearn.preprocessing import StandardScaler\n\n"
        "model = make_pipeline(StandardScaler(), LogisticRegression())\nmodel.fit(X_train, y_train);"
    ),
    "evaluate": (
        "from sklearn.metrics import roc_auc_score\n\n"
        "auc = roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])\nprint(f'AUC {auc:.4f}')"
    ),
}


def made(folder: Path) -> Path:
    """The pipeline's folder, cut from a notebook of these cells; ``script.py`` beside it."""
    notebook = nbformat.v4.new_notebook()
    for stage, source in CELLS.items():
        cell = nbformat.v4.new_code_cell(source, id=stage)
        cell.metadata["tags"] = [f"stage:{stage}"]
        notebook.cells.append(cell)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "reference.ipynb")
    (folder / "script.py").write_text("\n".join(CELLS.values()))
    extract(folder / "reference.ipynb")
    return folder / "reference_pipeline"


def timed(call: Callable[[], None]) -> tuple[float, float]:
    """Seconds, and seconds of processor time of all that it started and waited for."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    call()
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(*command: str, cwd: Path) -> None:
    """Run a program of this environment."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, cwd=cwd, check=True, capture_output=True, env={**variables, "PATH": path})


def main() -> int:
    """Measure and print; 1 where the bound does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as aside:
        folder = made(Path(aside))
        manifest = read_manifest(folder)

        def papermill() -> None:
            (folder / executed_folder(manifest)).mkdir(parents=True, exist_ok=True)
            for stage in manifest.stages:
                run("sh", "-c", papermill_command(manifest, stage), cwd=folder)

        def fresh() -> None:
            shutil.rmtree(folder / "run", ignore_errors=True)

        handoff = (sys.executable, "-m", "handoff_ext", "run", str(folder))
        ways: dict[str, Callable[[], None]] = {
            "plain script": lambda: run(sys.executable, "script.py", cwd=Path(aside)),
            "handoff run": lambda: run(*handoff, "--force", cwd=Path(aside)),
            "handoff run, unchanged": lambda: run(*handoff, cwd=Path(aside)),
            "papermill, stage by stage": papermill,
        }
        ways["plain script"]()  # Compiled files and disk caches are there for all of them.
        ways["handoff run"]()
        ways["papermill, stage by stage"]()
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(runs):
            for name, call in ways.items():
                if name == "papermill, stage by stage":
                    fresh()
                taken[name].append(timed(call))
                if name == "papermill, stage by stage":
                    fresh()
    seconds = {name: statistics.median(each[0] for each in found) for name, found in taken.items()}
    cpu = {name: statistics.median(each[1] for each in found) for name, found in taken.items()}
    script = seconds["plain script"], cpu["plain script"]
    print(f"{'':28}{'seconds':>9}{'x script':>10}{'cpu':>9}{'x script':>10}")
    for name in ways:
        ratios = seconds[name] / script[0], cpu[name] / script[1]
        print(f"{name:28}{seconds[name]:9.2f}{ratios[0]:10.1f}{cpu[name]:9.2f}{ratios[1]:10.1f}")
    ratio = seconds["handoff run"] / script[0]
    print(json.dumps({"ratio": round(ratio, 2), "bound": BOUND, "runs": runs}))
    return int(ratio >= BOUND)


if __name__ == "__main__":
    sys.exit(main())
