"""A stranger follows the card with nothing but MLflow: serves the version, asks it with curl, loads it in Python."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from handoff_ext.publish.environments import environment
from tests.rehearse.conftest import Handed
from tests.rehearse.test_http_store import free_port, wait

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
OURS = ("PYTHON", "VIRTUAL_ENV", "MLFLOW", "HANDOFF", "JUPYTER")


def blocks(card: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", card, re.DOTALL | re.MULTILINE)


def card_of(handed: Handed) -> str:
    return (handed.files / "artifacts" / "MODEL_CARD.md").read_text().replace("VERSION", str(handed.version.version))


def probabilities(handed: Handed) -> dict[str, float]:
    """What was recorded in training for the example's row."""
    reference = json.loads((handed.files / "artifacts" / "reference.json").read_text())
    example = json.loads((handed.files / "input_example.json").read_text())
    row = reference["rows"].index(example["data"][0])
    return {name: values[row] for name, values in reference["predictions"].items()}


def test_list_of_the_version_does_without_us(handed: Handed) -> None:
    python = environment(handed.files / "requirements.txt", PYTHON)
    said = (
        "import importlib.util as u, mlflow.pyfunc; print([u.find_spec(n) for n in ('handoff_ext', 'jupyter_server')])"
    )
    done = subprocess.run([str(python), "-I", "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[None, None]"
    code = [*handed.files.glob("*.py"), *(handed.files / "artifacts" / "model").rglob("*.py")]
    assert code
    assert not [path for path in code if re.search(r"^\s*(?:import|from) handoff_ext", path.read_text(), re.MULTILINE)]


def test_python_of_the_card_gives_the_recorded_answer(handed: Handed, tmp_path: Path) -> None:
    (code,) = blocks(card_of(handed), "python")
    # The exact package list has no database driver: a stranger beside a sqlite store has the folder.
    code = code.replace(f"models:/flights/{handed.version.version}", str(handed.files))
    code = code.replace("\nmodel.predict(", "\nanswer = model.predict(") + "\nprint(answer.to_json(orient='records'))\n"
    python = environment(handed.files / "requirements.txt", PYTHON)
    # No compiled copies of the model's code in the store, which names the places it was compiled from.
    command = [str(python), "-I", "-B", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (answer,) = json.loads(done.stdout.splitlines()[-1])
    assert answer == pytest.approx(probabilities(handed))


@contextmanager
def served(command: list[str], port: int, store: str, place: Path) -> Iterator[subprocess.Popen[bytes]]:
    """MLflow's own scoring server, in an environment that MLflow makes of the version's list."""
    # How this computer reaches its package index stays; what points at our own packages goes.
    variables = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    variables["PATH"] = os.pathsep.join(
        [str(Path(sys.executable).parent), str(Path(sys.base_prefix, "bin")), "/usr/bin", "/bin"]
    )
    variables |= {"MLFLOW_TRACKING_URI": store, "MLFLOW_ENV_ROOT": str(place / "envs")}
    variables |= {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
    with (place / "serve.log").open("w") as log:
        running = subprocess.Popen(command, cwd=place, env=variables, stdout=log, stderr=log, start_new_session=True)
    try:
        wait(f"http://127.0.0.1:{port}/ping", running)
        yield running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_commands_of_the_card_serve_it_and_answer(handed: Handed, tmp_path: Path) -> None:
    port = free_port()
    (text,) = blocks(card_of(handed), "bash")
    serve, ask = text.replace("5001", str(port)).split("\n", 1)
    with served(shlex.split(serve), port, handed.version.tracking_uri, tmp_path):
        done = subprocess.run(shlex.split(ask.replace("\\\n", "")), capture_output=True, text=True, check=True)
        assert not list((tmp_path / "envs").rglob("handoff_ext*"))
        assert list((tmp_path / "envs").rglob("mlflow_skinny*"))
    (answer,) = json.loads(done.stdout)["predictions"]
    assert answer == pytest.approx(probabilities(handed))
