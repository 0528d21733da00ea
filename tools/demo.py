"""The demonstration: a messy notebook becomes a published model that a stranger can run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import example_data

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = Path("example_notebooks/flight_delays/flight_delays.ipynb")

NEXT = """
Go on with
  make lab           JupyterLab on the examples, the sidebar open
  make mlflow        MLflow's pages on the same store
  handoff --help     all commands (in .venv/bin)
"""


def main() -> int:
    """Write the example's data, take the whole road, say how to go on. The exit code is that of ``handoff ship``."""
    example_data.main()
    road = [sys.executable, "-m", "handoff_ext", "ship", str(NOTEBOOK), "--name", "flight_delays", "--yes"]
    print(f"\n$ handoff ship {NOTEBOOK} --name flight_delays --yes\n", flush=True)
    code = subprocess.run(road, cwd=ROOT, check=False).returncode
    if code == 0:
        print(NEXT)
    return code


if __name__ == "__main__":
    sys.exit(main())
