"""``python -m tests.serve.for_browser FOLDER PORT``: publishes a model in FOLDER, serves its page until it is ended.

For the browser tests: the worker uses this interpreter, which has the same packages, so that no environment is made.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from handoff_ext.ledger.place import ledger_of
from handoff_ext.serve import engine
from handoff_ext.serve.server import serve


def main(folder: Path, port: int) -> None:
    """Publish, then serve."""
    (folder / "serving.lock").touch()
    script = Path(__file__).parent / "publish_flights.py"
    subprocess.run([sys.executable, str(script), str(folder)], cwd=folder, check=True, capture_output=True)
    saved = json.loads((folder / "facts.json").read_text())["folder"]
    setattr(engine, "environment", lambda *_: Path(sys.executable))  # noqa: B010 - for mypy another function
    serve(saved, port=port, ledger=ledger_of(f"sqlite:///{folder / 'mlflow.db'}"))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]))
