"""Runs code of ``inside/`` in the interpreter that trained the model, apart from our environment."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from handoff_ext.contracts.errors import HandoffError

_HERE = Path(__file__).parent
_KEPT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ", "SYSTEMROOT")
PROBE = _HERE.parent / "run" / "inside" / "probe.py"
_START = """
import json, sys
sys.dont_write_bytecode = True
sys.path[0] = sys.argv[1]
import importlib
main = importlib.import_module("inside." + sys.argv[2]).main
sys.path.pop(0)
with open(sys.argv[3], encoding="utf-8") as file:
    job = json.load(file)
answer = main(job)
with open(sys.argv[4], "w", encoding="utf-8") as file:
    file.write(json.dumps(answer))
"""


def run_inside(executable: str, module: str, job: dict[str, Any], folder: Path, timeout: float = 1800) -> Any:
    """What ``inside/{module}.py``'s ``main(job)`` returns, run by ``executable`` in ``folder`` without our variables.

    Raises:
        HandoffError: that Python is gone, it crashed, or took longer than ``timeout`` seconds.
    """
    if not executable or not Path(executable).exists():
        raise HandoffError("The Python that the pipeline ran on is gone.", "Run the pipeline again.")
    with tempfile.TemporaryDirectory(prefix="handoff-") as aside:
        question, answer = Path(aside, "job.json"), Path(aside, "answer.json")
        question.write_text(json.dumps(job), encoding="utf-8")
        command = [executable, "-c", _START, str(_HERE), module, str(question), str(answer)]
        variables = {name: os.environ[name] for name in _KEPT if name in os.environ} | {"PYTHONHASHSEED": "0"}
        if module == "ask":  # one row at a time: threads would only wait for each other
            variables["OMP_NUM_THREADS"] = "1"
        try:
            done = subprocess.run(
                command, cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=timeout
            )
        except subprocess.TimeoutExpired as error:
            raise HandoffError(f"The model took longer than {timeout:.0f} seconds.", "Use fewer rows.") from error
        if done.returncode or not answer.exists():
            last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
            raise HandoffError(f"The kernel's Python ended while it {_DOING[module]}: {last[0][:200]}", "Run again.")
        return json.loads(answer.read_bytes())


_DOING = {"pack": "packed the model", "ask": "asked the packed model", "installed": "listed its packages"}
