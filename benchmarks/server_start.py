"""What the extension adds to the start of JupyterLab's server, in fresh interpreters.

Two figures, each the median of ``--runs``: importing ``handoff_ext.server`` alone, and all that the server imports and
sets up for the extension (its app, handlers and event schema) once ``jupyter_server`` itself is there. Exit code 1
where either takes 100 ms or more, or something heavy comes along.

    python benchmarks/server_start.py [--runs 7]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys

LIMIT = 0.1
HEAVY = (
    "mlflow",
    "pandas",
    "numpy",
    "sklearn",
    "papermill",
    "libcst",
    "IPython",
    "pydantic",
    "ruamel",
    "rich",
    "uvicorn",
)

IMPORT = "import handoff_ext.server"
LOAD = """
import handoff_ext.server
from handoff_ext.server.jobs.events import JOB_SCHEMA
for point in handoff_ext.server._jupyter_server_extension_points():
    point["app"]()
logger.register_event_schema(JOB_SCHEMA)
"""
PREPARE = """
import jupyter_server.serverapp
from jupyter_events import EventLogger
logger = EventLogger()
logger.register_event_schema(jupyter_server.DEFAULT_EVENTS_SCHEMA_PATH / "kernel_actions" / "v1.yaml")
"""
MEASURE = """
import json, sys, time
{before}
known = set(sys.modules)
started = time.perf_counter()
{code}
seconds = time.perf_counter() - started
print(json.dumps([seconds, sorted(set(sys.modules) - known)]))
"""


def measured(code: str, before: str = "") -> tuple[float, set[str]]:
    """Seconds that ``code`` takes in a fresh interpreter, and the modules that it brings."""
    script = MEASURE.format(before=before, code=code)
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    seconds, modules = json.loads(answer.stdout.splitlines()[-1])
    return seconds, set(modules)


def main() -> int:
    """Measure and print; 1 where the limit does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    bad = 0
    for name, code, before in (("import handoff_ext.server", IMPORT, ""), ("load the extension", LOAD, PREPARE)):
        found = [measured(code, before) for _ in range(runs)]
        seconds = statistics.median(each for each, _ in found)
        modules = found[0][1]
        heavy = sorted({module.partition(".")[0] for module in modules} & set(HEAVY))
        bad |= seconds >= LIMIT or bool(heavy)
        print(
            f"{name:<28} {1000 * seconds:6.1f} ms of {1000 * LIMIT:.0f}, {len(modules)} modules, "
            f"heavy ones: {', '.join(heavy) or 'none'}"
        )
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
