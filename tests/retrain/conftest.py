"""A real registry with three versions of one model: in charge, candidate, draft."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from handoff_ext.serve.registry import fetch
from tests.serve.conftest import Published, cache, published

__all__ = ["cache", "published"]

VERSIONS = """
import mlflow, sys
mlflow.set_tracking_uri(sys.argv[1])
client = mlflow.MlflowClient()
first = client.get_model_version("flights", "1")
whole = {"handoff.draft": "false", "handoff.rehearsed": "true", "handoff.owner": "Ada Lovelace",
         "handoff.accepted_by": "Ada Lovelace", "handoff.accepted_on": "2026-01-01", "handoff.stage": "shadow",
         "handoff.metric.Accuracy": "0.9"}
for key, value in whole.items():
    client.set_model_version_tag("flights", "1", key, value)
for tags in (whole, {**whole, "handoff.draft": "true"}, {**whole, "handoff.accepted_by": ""}):
    client.create_model_version("flights", first.source, model_id=first.model_id, tags=tags)
client.set_registered_model_alias("flights", "champion", "1")
client.set_registered_model_alias("flights", "candidate", "2")
"""


@pytest.fixture(scope="session")
def versions(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store's file with all versions; never written by tests."""
    store = tmp_path_factory.mktemp("versions") / "mlflow.db"
    shutil.copy(published.tracking_uri.removeprefix("sqlite:///"), store)
    command = [sys.executable, "-W", "ignore", "-c", VERSIONS, f"sqlite:///{store}"]
    subprocess.run(command, check=True, capture_output=True)
    fetch("models:/flights/1", f"sqlite:///{store}")  # into the cache, once
    return store


@pytest.fixture
def registry(versions: Path, tmp_path: Path) -> str:
    """A copy of it, by its address."""
    shutil.copy(versions, tmp_path / "mlflow.db")
    return f"sqlite:///{tmp_path / 'mlflow.db'}"


@pytest.fixture
def handoff(registry: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command on the registry."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "handoff_ext", *arguments, "--tracking-uri", registry]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run
