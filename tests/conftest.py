"""Fixtures that several packages' tests share."""

from __future__ import annotations

import fcntl
import getpass
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

# How fast a busy computer makes up examples says nothing about the code.
settings.register_profile("any computer", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any computer")

# Older than ours on purpose: what was written by one must not need the other.
_OTHER = ["ipykernel", "pandas>=2.2,<2.3", "scikit-learn>=1.5,<1.6"]
# What many notebooks in the world still run on, and need.
_OLD = ["ipykernel", "ipython==8.12.3", "pandas==1.5.3", "scikit-learn==1.1.3", "numpy==1.23.5"]

_LONGEST = ["run", "serve", "ship", "pipeline", "rehearse", "publish", "server"]


class OtherKernel(NamedTuple):
    """A kernelspec in an environment of its own, with ipykernel, pandas and scikit-learn and nothing of ours."""

    name: str
    python: Path


@pytest.fixture(scope="session", autouse=True)
def cache() -> Iterator[None]:
    """Environments and empty stores are kept between sessions: they are named by what they are made of."""
    kept = Path(tempfile.gettempdir()) / f"handoff-tests-{getpass.getuser()}" / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HANDOFF_CACHE", str(kept))
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield


@pytest.fixture(scope="session")
def other_kernel() -> Iterator[OtherKernel]:
    """pandas 2.2 and scikit-learn 1.5."""
    yield from _kernel("other", _OTHER)


@pytest.fixture(scope="session")
def old_kernel() -> Iterator[OtherKernel]:
    """pandas 1.5, scikit-learn 1.1 and numpy 1.23."""
    yield from _kernel("old", _OLD)


def _kernel(name: str, packages: list[str]) -> Iterator[OtherKernel]:
    """Built once by uv in a folder outside the tree, and kept there for later sessions."""
    key = hashlib.sha256(repr((packages, sys.version)).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"handoff-tests-{getpass.getuser()}" / f"{name}-{key}"
    folder.parent.mkdir(exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _build(folder, name, packages)
    with pytest.MonkeyPatch.context() as patch:
        known = os.environ.get("JUPYTER_PATH")
        patch.setenv("JUPYTER_PATH", os.pathsep.join([str(folder / "jupyter"), *([known] if known else [])]))
        yield OtherKernel(name, folder / "venv" / "bin" / "python")


def _build(folder: Path, name: str, packages: list[str]) -> None:
    uv = [sys.executable, "-m", "uv"]
    python = folder / "venv" / "bin" / "python"
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, str(folder / "venv")], check=True)
    subprocess.run([*uv, "pip", "install", "-q", "--python", str(python), *packages], check=True)
    spec = folder / "jupyter" / "kernels" / name
    spec.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": name.title(), "language": "python"}))
    (folder / "ready").touch()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folders that take longest first, so that no worker is left with one of them alone at the end.

    Made-up examples by the hundred are run without measuring coverage, which makes them up to thirty times slower.
    """
    items.sort(key=lambda item: _LONGEST.index(_folder(item.nodeid)) if _folder(item.nodeid) in _LONGEST else 99)
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.no_cover)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With several workers, each folder runs in one of them, so that what its tests share is made once."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFolder(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _folder(nodeid)

    return ByFolder(config, log)


def _folder(nodeid: str) -> str:
    """``tests/run/test_x.py::test_y`` is in ``run``."""
    return nodeid.removeprefix("tests/").partition("/")[0]
