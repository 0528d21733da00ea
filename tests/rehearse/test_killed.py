"""Killed at any moment, publishing leaves no half version, and the next press makes it whole."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mlflow import MlflowClient

from handoff_ext.publish import publish
from handoff_ext.publish.registry import Registry
from tests.rehearse.conftest import Handed

TIMES = 20
PRESS = """
import sys
from pathlib import Path
from handoff_ext.contracts.evidence import RehearsalRecord
from handoff_ext.publish import publish
record = RehearsalRecord.model_validate_json(Path(sys.argv[4]).read_bytes())
publish(Path(sys.argv[1]), sys.argv[2], sys.argv[3], rehearse=lambda *_: record)
"""


def press(folder: Path, name: str, store: str, record: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "ignore", "-c", PRESS, str(folder), name, store, str(record)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_kill_at_twenty_moments_leaves_no_half_version(handed: Handed, copied: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{copied.parent / 'killed.db'}"
    record = tmp_path / "record.json"
    record.write_text(handed.rehearsal.model_dump_json())
    begun = time.monotonic()
    assert press(copied, "whole", f"sqlite:///{tmp_path / 'once.db'}", record).wait() == 0
    lasts = time.monotonic() - begun
    whole = set(Registry(f"sqlite:///{tmp_path / 'once.db'}").versions("whole")[0]["tags"])
    draw, number = random.Random(7), 0
    for _ in range(TIMES):
        name = f"killed{number}"
        running = press(copied, name, store, record)
        # Not a wait for something: the kill has to fall at a random moment.
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(draw.uniform(0.2, 1.0) * lasts)
        running.send_signal(signal.SIGKILL)
        running.wait()
        versions = Registry(store).versions(name)
        assert len(versions) <= 1
        for version in versions:
            assert set(version["tags"]) == whole
            number += 1  # done with that name: the next one starts from nothing
    for each in range(number + 1):
        version = publish(copied, f"killed{each}", store, rehearse=lambda *_: handed.rehearsal)
        assert version.version == 1
        (found,) = Registry(store).versions(version.name)
        assert found["aliases"] == ["candidate"]
        client = MlflowClient(store)
        experiment = client.get_experiment_by_name(version.name)
        (model,) = client.search_logged_models([experiment.experiment_id])
        assert str(model.status.value) == "READY"
