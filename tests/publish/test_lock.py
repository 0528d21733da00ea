"""Exact package lists of a real environment, with what came from no index."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from handoff_ext.contracts.errors import GateFailed, HandoffError
from handoff_ext.contracts.evidence import Distribution, RunRecord
from handoff_ext.publish import lock, moved
from handoff_ext.publish.locking import locked
from handoff_ext.publish.lockscan import refuse_private, refuse_unhashed
from tests.publish import made


def record(folder: Path) -> RunRecord:
    return RunRecord.model_validate_json((folder / "evidence" / "run.json").read_bytes())


def test_lists_are_the_runs_own_versions_with_hashes(flights: Path) -> None:
    locks = lock(flights)
    ran = {each.name: each.version for each in record(flights).environment.distributions}  # type: ignore[union-attr]
    assert locked(locks.requirements.read_text()) == ran
    served = locked(locks.serving.read_text())
    assert {name: served[name] for name in ("pandas", "scikit-learn", "numpy")} == {
        name: ran[name] for name in ("pandas", "scikit-learn", "numpy")
    }
    assert "mlflow-skinny" in served
    for path in (locks.requirements, locks.serving):
        refuse_unhashed(path.read_text(), path.name)
        refuse_private(path.read_text(), path.name)
    for name, count in (("pylock.toml", locks.packages), ("pylock.serving.toml", locks.serving_packages)):
        listed = tomllib.loads((flights / name).read_text())["packages"]
        assert len(listed) == count
        assert all(wheel["hashes"]["sha256"] for package in listed for wheel in package.get("wheels", ()))


def test_second_time_writes_nothing(flights: Path) -> None:
    locks = lock(flights)
    before = {path: path.stat().st_mtime_ns for path in flights.glob("*.lock")}
    assert lock(flights) == locks
    assert {path: path.stat().st_mtime_ns for path in flights.glob("*.lock")} == before


def test_what_moved_since_is_named(flights: Path) -> None:
    locks = lock(flights)
    assert moved(flights) == []
    whole = locks.requirements.read_text()
    try:
        locks.requirements.write_text(re.sub(r"^joblib==\S+", "joblib==0.1", whole, flags=re.M))
        (found,) = moved(flights)
        assert (found.name, found.locked) == ("joblib", "0.1")
        locks.requirements.write_text(re.sub(r"^joblib==(\S+) \\\n(?:.*\\\n)*.*\n", r"joblib==\1\n", whole, flags=re.M))
        with pytest.raises(GateFailed, match="joblib"):
            moved(flights)
    finally:
        locks.requirements.write_text(whole)


def test_package_that_no_index_has_is_named(flights: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / flights.name
    shutil.copytree(flights.parent, tmp_path, dirs_exist_ok=True)
    changed = record(copy)
    assert changed.environment
    changed.environment.distributions.append(Distribution(name="handoff-no-such-package", version="9.9.9"))
    (copy / "evidence" / "run.json").write_text(changed.model_dump_json())
    with pytest.raises(HandoffError, match="handoff-no-such-package"):
        lock(copy)


LOCAL = """
import localtool
draw = __import__("numpy").random.RandomState(0)
train_x = draw.rand(60, 2); train_y = train_x.sum(axis=1); holdout_x, holdout_y = draw.rand(9, 2), None
model = localtool.Sum().fit(train_x, train_y)
methods = ["predict"]
"""
TOOL = """
class Sum:
    def fit(self, x, y):
        return self

    def predict(self, x):
        return x.sum(axis=1)
"""


@pytest.mark.slow
@pytest.mark.parametrize("editable", [True, False])
def test_local_project_travels_as_a_wheel_and_answers_on_a_clean_machine(tmp_path: Path, editable: bool) -> None:
    from handoff_ext.publish import log
    from handoff_ext.rehearse import rehearse

    project = tmp_path / "localtool"
    project.mkdir()
    (project / "localtool.py").write_text(TOOL)
    (project / "pyproject.toml").write_text(
        '[project]\nname = "localtool"\nversion = "1.2"\ndependencies = ["numpy"]\n'
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[tool.hatch.build.targets.wheel]\ninclude = ["localtool.py"]\n'
    )
    uv = [sys.executable, "-m", "uv"]
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, str(tmp_path / "env")], check=True)
    wanted = ["-e", str(project)] if editable else [str(project)]
    subprocess.run([*uv, "pip", "install", "-q", "--python", str(python), "numpy", "cloudpickle", *wanted], check=True)
    (tmp_path / "home").mkdir()
    folder = made.make(tmp_path / "home", LOCAL, str(python), ("predict",), definitions="")
    locks = lock(folder)
    (wheel,) = (folder / "wheels").glob("*.whl")
    assert "localtool.py" in zipfile.ZipFile(wheel).namelist()
    for path in (locks.requirements, locks.serving):
        assert locked(path.read_text())["localtool"] == "1.2"
        assert str(tmp_path) not in path.read_text()
    logged = log(folder, "local")
    verdict = rehearse(logged.uri, logged.tracking_uri).predicts
    assert verdict.passed, verdict.reason
    direct = json.dumps(record(folder).model_dump(mode="json"))
    assert "file://" in direct
    assert not [path for path in (tmp_path / "home" / "mlruns").rglob("*.json") if "file://" in path.read_text()]
