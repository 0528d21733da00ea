"""A real model in a real sqlite store, with its exact package list, profile, plan and card; and a gateway before it."""

from __future__ import annotations

import asyncio
import getpass
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from uv import find_uv_bin

from handoff_ext.serve.engine import Engine
from handoff_ext.serve.limits import Limits
from handoff_ext.serve.version import ServedVersion, read_version

RAISES, DIES, SLEEPS = -1.25, -2.25, -3.25
"""Values of ``wind`` at which the model misbehaves."""
PINS = ["mlflow-skinny==3.17.2", "numpy==2.4.6", "pandas==3.1.1", "scikit-learn==1.9.1"]


@dataclass(frozen=True)
class Published:
    """Where the model is, and what it says itself."""

    uri: str
    tracking_uri: str
    model_id: str
    folder: Path
    rows: list[dict[str, Any]]
    scores: list[float]


@pytest.fixture(scope="session", autouse=True)
def cache() -> Iterator[Path]:
    """Environments are kept outside the tree for later sessions: making one costs most of these tests' time."""
    with pytest.MonkeyPatch.context() as patch:
        folder = Path(tempfile.gettempdir()) / f"handoff-tests-{getpass.getuser()}" / "cache"
        patch.setenv("HANDOFF_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """``models:/flights/1``, alias champion."""
    folder = tmp_path_factory.mktemp("store")
    (folder / "pins.in").write_text("\n".join(PINS))
    command = [find_uv_bin(), "pip", "compile", "-q", "--generate-hashes", "--no-header", "--python", sys.executable]
    subprocess.run([*command, "pins.in", "-o", "serving.lock"], cwd=folder, check=True)
    script = Path(__file__).parent / "publish_flights.py"
    subprocess.run([sys.executable, str(script), str(folder)], cwd=folder, check=True, capture_output=True)
    facts = json.loads((folder / "facts.json").read_text())
    return Published(
        uri="models:/flights/1",
        tracking_uri=f"sqlite:///{folder / 'mlflow.db'}",
        model_id=facts["model_id"],
        folder=Path(facts["folder"]),
        rows=facts["rows"],
        scores=facts["scores"],
    )


@pytest.fixture(scope="session")
def version(published: Published) -> ServedVersion:
    """The published version, read from its files."""
    return read_version(published.folder, published.uri, "flights", "1", "shadow")


@pytest.fixture(scope="module")
def asking(version: ServedVersion) -> Iterator[Callable[..., Any]]:
    """Runs coroutine functions on one engine, whose worker uses this interpreter: it has the same packages."""
    with asyncio.Runner() as runner:

        async def start() -> Engine:
            engine = Engine(version, Limits(seconds=60), interpreter=lambda: Path(sys.executable))
            engine.model.start()
            return engine

        engine = runner.run(start())

        async def ready(ask: Callable[[Engine], Awaitable[Any]]) -> Any:
            assert await engine.model.settled(60) == "ready", engine.model.reason
            return await ask(engine)

        yield lambda ask: runner.run(ready(ask))
        runner.run(engine.stop())


@contextmanager
def gateway(*arguments: str) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    """``handoff serve`` in a process of its own, on a free port; ended by SIGTERM."""
    command = [sys.executable, "-m", "handoff_ext", "serve", *arguments, "--port", "0", "--format", "json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    with process, process.stdout:
        try:
            said = json.loads(process.stdout.readline())
            with httpx.Client(base_url=said["url"], timeout=60, trust_env=False) as client:
                yield client, process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def until_ready(client: httpx.Client) -> None:
    """Wait until the model is loaded: the first request waits for it, so this asks a few times at most."""
    import time

    for _ in range(600):
        if client.get("/ready").status_code == 200:
            return
        time.sleep(0.1)
    raise AssertionError(client.get("/ready").text)


@pytest.fixture(scope="session")
def served(published: Published) -> Iterator[httpx.Client]:
    """A client of a running gateway, model loaded in its own environment."""
    with gateway(published.uri, "--tracking-uri", published.tracking_uri) as (client, _):
        until_ready(client)
        yield client


def alive(pid: int | None) -> bool:
    """Is there such a process, and is it more than a zombie?"""
    assert pid
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.fixture(scope="session")
def run_handoff() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs ``handoff`` with arguments; ``input`` is its standard input."""

    def run(*arguments: str, input: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "handoff_ext", *arguments]
        return subprocess.run(command, input=input, capture_output=True, text=True, check=False)

    return run
