"""JupyterLab's start stays as fast as it was: what the extension imports. Its time is in benchmarks/server_start.py."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = {"mlflow", "pandas", "numpy", "papermill", "sklearn", "libcst", "IPython", "pydantic", "uvicorn", "fastapi"}
SCRIPT = """
import json, sys
{before}
known = set(sys.modules)
{code}
print(json.dumps(sorted(set(sys.modules) - known)))
"""


def imported(code, before=""):
    script = SCRIPT.format(before=before, code=code)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_importing_it_brings_only_itself():
    assert imported("import handoff_ext.server") <= {"handoff_ext", "__future__"}


def test_loading_it_into_a_server_brings_nothing_heavy():
    modules = imported("import handoff_ext.server.app, handoff_ext.server.handlers", "import jupyter_server.serverapp")
    assert not modules & (HEAVY | {"nbformat", "ruamel"})
    assert "handoff_ext" in modules
