"""Runs every step on the sample with plain papermill. ``python tests/sample_run.py`` writes golden.json anew."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import papermill
import papermill.iorw
import yaml
from jupyter_client.kernelspec import KernelSpecManager

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent
PIPELINE: dict[str, Any] = yaml.safe_load((FOLDER / "pipeline.yaml").read_text(encoding="utf-8"))
STAGES: dict[str, dict[str, Any]] = {stage["name"]: stage for stage in PIPELINE["stages"]}
NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?(?![\w.])")


def parameters() -> dict[str, Any]:
    """The values of ``ci.yaml``; without it none but the defaults."""
    file = HERE / "ci.yaml"
    return (yaml.safe_load(file.read_text(encoding="utf-8")) or {}) if file.exists() else {}


def inputs() -> dict[str, Any]:
    """Files that are read: parameter to path."""
    given = parameters()
    paths = {each["name"]: each.get("default") for each in PIPELINE.get("parameters", ()) if each["type"] == "path"}
    return {name: given.get(name, default) for name, default in paths.items() if "*" not in str(default)}


def golden() -> dict[str, Any]:
    """What the sample gave when it was made; empty where there is no ``golden.json``."""
    file = HERE / "golden.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def run_step(name: str, run_dir: Path, given: dict[str, Any]) -> None:
    """One step, with those of the values that it takes."""
    stage = STAGES[name]
    known = {key: value for key, value in given.items() if key in stage.get("parameters", ())}
    papermill.execute_notebook(
        str(FOLDER / stage["notebook"]),
        str(run_dir / "{}.ipynb".format(name)),
        {"run_dir": str(run_dir), **known},
        cwd=str(FOLDER),
        progress_bar=False,
    )


def run_all(run_dir: Path) -> None:
    """All steps, in order."""
    for name in STAGES:
        run_step(name, run_dir, parameters())


def look(run_dir: Path) -> dict[str, Any]:
    """What the steps handed on, seen by the Python that the notebooks run on."""
    program = KernelSpecManager().get_kernel_spec(PIPELINE.get("kernel", "python3")).argv[0]
    own = ("python", "python3", "python{}.{}".format(*sys.version_info))  # As Jupyter reads these names.
    python = sys.executable if program in own else shutil.which(program) or program
    done = subprocess.run(
        [python, str(HERE / "look.py"), str(FOLDER), str(run_dir)],
        input=json.dumps(PIPELINE),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def printed(run_dir: Path, name: str) -> list[str]:
    """What a step's cells printed and showed, line by line."""
    notebook: Any = papermill.iorw.load_notebook_node(str(run_dir / "{}.ipynb".format(name)))
    lines: list[str] = []
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        text = output.text if output.output_type == "stream" and output.name == "stdout" else ""
        if output.output_type in ("execute_result", "display_data"):
            text = output.data.get("text/plain", "")
        lines += [line.rstrip() for line in text.splitlines() if line.strip()]
    return lines


def close(one: Any, other: Any) -> bool:
    """The same, up to rounding in numbers."""
    first, second = str(one), str(other)
    if NUMBER.sub("#", first) != NUMBER.sub("#", second):
        return False
    pairs = zip(map(float, NUMBER.findall(first)), map(float, NUMBER.findall(second)))
    return all(abs(a - b) <= 1e-6 * max(1.0, abs(a), abs(b)) for a, b in pairs)


def seen(run_dir: Path) -> dict[str, Any]:
    """What ``golden.json`` holds, of one run."""
    return {**look(run_dir), "printed": {name: printed(run_dir, name) for name in STAGES}}


def main() -> None:
    """Run twice and keep what both runs gave: the rest depends on the run."""
    runs = []
    for _ in range(2):
        with tempfile.TemporaryDirectory() as folder:
            run_all(Path(folder))
            runs.append(seen(Path(folder)))
    first, second = runs
    for name, lines in first["printed"].items():
        again = second["printed"][name]
        same = len(lines) == len(again)
        first["printed"][name] = (
            [line if close(line, again[n]) else None for n, line in enumerate(lines)] if same else None
        )
    for key in ("bundles", "answers", "refuses"):
        first[key] = first[key] if close(first[key], second[key]) else None
    (HERE / "golden.json").write_text(json.dumps(first, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
