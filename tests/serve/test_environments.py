"""Environments from exact package lists."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from uv import find_uv_bin

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.publish.environments import environment


@pytest.fixture
def small_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HANDOFF_CACHE", str(tmp_path / "cache"))
    command = [find_uv_bin(), "pip", "compile", "-q", "--generate-hashes", "--no-header", "-", "-o", "serving.lock"]
    subprocess.run(command, cwd=tmp_path, input="six==1.17.0", text=True, check=True)
    return tmp_path / "serving.lock"


def test_made_once_by_many_at_once(small_lock: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: environment(small_lock), range(4)))
    (interpreter,) = made
    assert subprocess.check_output([interpreter, "-c", "import six; print(six.__version__)"], text=True) == "1.17.0\n"
    folders = [path.name for path in (small_lock.parent / "cache" / "envs").iterdir() if path.is_dir()]
    assert folders == [interpreter.parent.parent.name]
    assert environment(small_lock, f"{sys.version_info.major}.{sys.version_info.minor}.1") == interpreter


def test_a_tampered_or_unhashed_list_is_refused_and_leaves_nothing(small_lock: Path) -> None:
    text = small_lock.read_text()
    for changed in (text.replace("sha256:", "sha256:0")[:-1], "six==1.17.0\n", "six==1.17.0 --hash=sha256:" + 64 * "0"):
        small_lock.write_text(changed)
        with pytest.raises(HandoffError, match="The exact package list could not be installed"):
            environment(small_lock)
    assert not [path for path in (small_lock.parent / "cache" / "envs").iterdir() if path.is_dir()]
