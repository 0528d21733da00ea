"""Requests a second, one row each: ``handoff serve`` beside ``mlflow models serve`` and a bare FastAPI app.

Same models, same machine, same run; every answer is compared with the model's own. What it prints last are ratios.

    python benchmarks/serve_load.py [--seconds 4] [--clients 1 8] [--models logistic forest] [--write]

``--write`` keeps the figures in benchmarks/figures/serve_load.json, with the computer's load before the run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import pickle
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
from figures.kept import keep
from uv import find_uv_bin

FIGURES = Path(__file__).parent / "figures" / "serve_load.json"
PACKAGES = ("mlflow-skinny", "numpy", "pandas", "scikit-learn", "skops")
BARE = """
import pickle, sys
import pandas as pd
from fastapi import FastAPI
model = pickle.load(open("model.pkl", "rb"))
app = FastAPI()

@app.post("/predict")
def predict(rows: list[dict]):
    return {"predictions": model.predict_proba(pd.DataFrame(rows)).tolist()}
"""


@dataclass(frozen=True)
class Made:
    """A trained model in the forms that the contenders take, and what it answers."""

    folder: Path
    rows: list[dict[str, Any]]
    scores: list[float]


@dataclass(frozen=True)
class Figures:
    """One measurement: requests a second, milliseconds, CPU milliseconds a request, MiB."""

    rate: float
    p50: float
    p99: float
    cpu: float
    memory: float


def make(kind: str, folder: Path) -> Made:
    """Train, and write the model as MLflow's scikit-learn flavour, as a pickle, and as ``handoff publish`` packs it."""
    import mlflow
    from mlflow.models import infer_signature
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    rng = np.random.default_rng(0)
    count = 5000
    frame = pd.DataFrame(
        {
            "carrier": rng.choice(["AA", "B6", "DL", "EV", "UA", "US", "WN"], count),
            "origin": rng.choice(["EWR", "JFK", "LGA"], count),
            **{f"x{i}": rng.normal(size=count) for i in range(10)},
        }
    )
    late = frame["x0"] + frame["x1"] + (frame["carrier"] == "UA") + rng.normal(size=count) > 0.5
    last = LogisticRegression() if kind == "logistic" else RandomForestClassifier(100, max_depth=12, random_state=0)
    numbers = [f"x{i}" for i in range(10)]
    encode = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["carrier", "origin"]), (StandardScaler(), numbers)
    )
    model = make_pipeline(encode, last).fit(frame, late)
    asked = frame.head(500)
    scores = model.predict_proba(asked)
    folder.mkdir()
    (folder / "model.pkl").write_bytes(pickle.dumps(model))
    (folder / "bare.py").write_text(BARE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mlflow.sklearn.save_model(
            model,
            folder / "mlflow",
            serialization_format="cloudpickle",
            pyfunc_predict_fn="predict_proba",
            signature=infer_signature(asked, scores),
        )
        _publish(model, asked, folder)
    _lock(folder)
    return Made(folder, asked.to_dict("records"), scores[:, 1].tolist())


def _publish(model: Any, asked: pd.DataFrame, folder: Path) -> None:
    import mlflow
    from mlflow.models import infer_signature

    from handoff_ext import publish

    inside = Path(publish.__file__).parent / "inside"
    capture, packed = folder / "capture.pkl", folder / "packed"
    capture.write_bytes(pickle.dumps({"model": model, "train_x": asked, "holdout_x": asked}))
    job = {
        "capture": str(capture),
        "folder": str(folder),
        "out": str(packed),
        "package": "benchmark_model",
        "methods": ["predict_proba"],
        "personal": [],
        "raw": False,
        "reason": "",
    }
    sys.path.insert(0, str(inside.parent))
    from inside import pack  # as publish runs it, in the environment that trained the model

    assert pack.main(job).get("ok")
    sys.path.pop(0)
    kept = {"columns": list(asked), "rows": [list(row.values()) for row in asked.to_dict("records")]}
    (folder / "reference.json").write_text(json.dumps(kept))
    mlflow.pyfunc.save_model(
        str(folder / "published"),
        python_model=str(inside / "model.py"),
        artifacts={"model": str(packed / "model"), "reference": str(folder / "reference.json")},
        signature=infer_signature(asked),
        input_example=asked.head(1),
        pip_requirements=["scikit-learn"],
    )


def _lock(folder: Path) -> None:
    (folder / "pins.in").write_text("\n".join(f"{name}=={version(name)}" for name in PACKAGES))
    command = [find_uv_bin(), "pip", "compile", "-q", "--generate-hashes", "--no-header", "--python", sys.executable]
    subprocess.run([*command, "pins.in", "-o", "published/requirements.txt"], cwd=folder, check=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command_of(contender: str, port: int) -> list[str]:
    python = sys.executable
    return {
        "handoff serve": [python, "-m", "handoff_ext", "serve", "published", "--log", "log", "--port", str(port)],
        "bare FastAPI": [python, "-m", "uvicorn", "bare:app", "--port", str(port), "--log-level", "warning"],
        "mlflow serve": [
            *[python, "-m", "mlflow", "models", "serve", "-m", "mlflow"],
            *["--env-manager", "local", "--workers", "1", "--port", str(port)],
        ],
    }[contender]


CONTENDERS = ("handoff serve", "bare FastAPI", "mlflow serve")


def body_of(contender: str, row: dict[str, Any]) -> bytes:
    if contender == "mlflow serve":
        return json.dumps({"dataframe_records": [row]}).encode()
    return json.dumps([row]).encode()


def score_in(contender: str, answer: Any) -> float:
    if contender == "handoff serve":
        return float(answer["answers"][0]["prediction"]["probability_True"])
    return float(answer["predictions"][0][1])


@contextmanager
def running(contender: str, made: Made) -> Iterator[tuple[int, psutil.Process, float]]:
    """The contender's port, process, and the seconds until its first right answer."""
    port, started = free_port(), time.perf_counter()
    process = subprocess.Popen(
        command_of(contender, port),
        cwd=made.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while True:
            try:
                asyncio.run(load(contender, made, port, 1, 0.0))
                break
            except (OSError, KeyError, TypeError, asyncio.IncompleteReadError):
                assert process.poll() is None, f"{contender} ended with {process.returncode}"
                assert time.perf_counter() - started < 60, f"{contender} gives no answer"
                time.sleep(0.05)
        yield port, psutil.Process(process.pid), time.perf_counter() - started
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


async def load(contender: str, made: Made, port: int, clients: int, seconds: float) -> list[float]:
    """Seconds of each request of ``clients`` in a closed loop; every answer is checked."""
    until, times = time.perf_counter() + seconds, []
    path = "/invocations" if contender == "mlflow serve" else "/predict"
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
    bodies = [body_of(contender, row) for row in made.rows]
    requests = [f"{head}{len(body)}\r\n\r\n".encode() + body for body in bodies]

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        index = number * 61
        while True:
            index = (index + 1) % len(requests)
            begun = time.perf_counter()
            writer.write(requests[index])
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            answer = json.loads(await reader.readexactly(length))
            times.append(time.perf_counter() - begun)
            assert abs(score_in(contender, answer) - made.scores[index]) < 1e-9, "a wrong answer"
            if time.perf_counter() >= until:
                break
        writer.close()

    await asyncio.gather(*(client(number) for number in range(clients)))
    return times


def measure(contender: str, made: Made, port: int, process: psutil.Process, clients: int, seconds: float) -> Figures:
    asyncio.run(load(contender, made, port, clients, 0.5))
    family = [process, *process.children(recursive=True)]
    before = sum(sum(member.cpu_times()[:2]) for member in family)
    begun = time.perf_counter()
    times = asyncio.run(load(contender, made, port, clients, seconds))
    took = time.perf_counter() - begun
    cpu = sum(sum(member.cpu_times()[:2]) for member in family) - before
    memory = sum(member.memory_full_info().pss for member in family) / 2**20
    cuts = statistics.quantiles(times, n=100)
    return Figures(len(times) / took, 1e3 * cuts[49], 1e3 * cuts[98], 1e3 * cpu / len(times), memory)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--models", nargs="+", default=["logistic", "forest"])
    parser.add_argument("--contenders", nargs="+", default=list(CONTENDERS))
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    before = os.getloadavg()[0]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # mlflow calls uvicorn by name
    os.environ |= {"PATH": path, "MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false"}
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    folder = Path(tempfile.mkdtemp(prefix="serve-load-"))
    try:
        found = {kind: compare(kind, make(kind, folder / kind), given) for kind in given.models}
    finally:
        shutil.rmtree(folder)
    if given.write:
        figures = {"cores": os.cpu_count(), "load before": round(before, 1), "models": found}
        keep(FIGURES, ["handoff_ext/serve"], figures)


def compare(kind: str, made: Made, given: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure and print all contenders on one model; the same as plain values."""
    print(f"\n{kind}: one row a request, {given.seconds:g} s each")
    print(f"{'':<15}{'clients':>8}{'req/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'MiB':>7}{'start s':>9}")
    found: dict[tuple[str, int], Figures] = {}
    starts: dict[str, float] = {}
    for contender in given.contenders:
        with running(contender, made) as (port, process, start):
            starts[contender] = start
            for clients in given.clients:
                f = found[contender, clients] = measure(contender, made, port, process, clients, given.seconds)
                print(
                    f"{contender:<15}{clients:>8}{f.rate:>9.0f}{f.p50:>9.1f}{f.p99:>9.1f}{f.cpu:>9.2f}{f.memory:>7.0f}"
                    f"{start:>9.1f}"
                )
    for clients in given.clients:
        ours = found.get(("handoff serve", clients))
        for other in given.contenders[1:] if ours else []:
            theirs = found[other, clients]
            print(
                f"{clients} clients, to {other}: {ours.rate / theirs.rate:.1f} times the requests, "
                f"p99 {ours.p99 / theirs.p99:.2f}"
            )
    return [
        {"contender": contender, "clients": clients, "start s": round(starts[contender], 1)}
        | {name: round(value, 2) for name, value in asdict(figures).items()}
        for (contender, clients), figures in found.items()
    ]


if __name__ == "__main__":
    main()
