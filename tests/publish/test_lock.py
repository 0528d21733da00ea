"""Exact package lists of a real environment, with what came from no index."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from packaging.pylock import Pylock

from handoff_ext.cli.lock import command
from handoff_ext.contracts.errors import GateFailed, HandoffError
from handoff_ext.contracts.evidence import Distribution, RunRecord
from handoff_ext.publish import lock, locking, moved
from handoff_ext.publish.locking import PYLOCK, locked
from handoff_ext.publish.lockscan import refuse_private, refuse_unhashed
from handoff_ext.publish.uv import build_wheel
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
        whole = tomllib.loads((flights / name).read_text())
        assert len(Pylock.from_dict(whole).packages) == count  # as PEP 751 has it, else it raises
        listed = whole["packages"]
        assert all(wheel["hashes"]["sha256"] for package in listed for wheel in package.get("wheels", ()))


def test_lists_say_for_which_python_system_and_c_library_they_hold(flights: Path) -> None:
    locks = lock(flights)
    ran = record(flights).environment
    assert ran
    system = f"{platform.system()} {platform.machine()}"
    libc = " ".join(part for part in platform.libc_ver() if part)
    assert ran.libc == libc
    for path in (locks.requirements, locks.serving):
        assert (
            f"Python {ran.python}, {' '.join(filter(None, [system, libc]))}.\n" in path.read_text().splitlines(True)[0]
        )
        pylock = tomllib.loads((flights / PYLOCK[path.name]).read_text())
        assert pylock["requires-python"].startswith(">=3.")
        found = {"python": ran.python, "platform": system, "libc": libc}
        assert pylock["tool"]["handoff"] == {name: said for name, said in found.items() if said}


@pytest.mark.slow
def test_lists_say_for_which_cuda_they_hold(flights: Path, tmp_path: Path) -> None:
    with_cuda = made_on(flights, tmp_path, cuda="12.6")
    locks = lock(with_cuda)
    assert " CUDA 12.6.\n" in locks.requirements.read_text().splitlines(True)[0]
    assert tomllib.loads((with_cuda / "pylock.toml").read_text())["tool"]["handoff"]["cuda"] == "CUDA 12.6"


def made_on(flights: Path, place: Path, **changed: str) -> Path:
    """A copy of the pipeline, without its lists, whose run was recorded on another machine."""
    copy = place / flights.name
    shutil.copytree(flights.parent, place, dirs_exist_ok=True)
    ran = record(copy)
    assert ran.environment
    ran.environment = ran.environment.model_copy(update=changed)
    (copy / "evidence" / "run.json").write_text(ran.model_dump_json())
    for path in (*copy.glob("*.lock"), *copy.glob("pylock*")):
        path.unlink()
    return copy


def test_private_index_is_named_in_no_list(flights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locks = lock(flights)
    there = {"": locks.requirements.read_text(), "pylock.toml": (flights / "pylock.toml").read_text()}
    private = {
        name: text.replace("files.pythonhosted.org", "me:word@index.corp.example") for name, text in there.items()
    }
    monkeypatch.setattr(locking, "compile_pins", lambda *_, form="", **__: private[form])
    copy = made_on(flights, tmp_path)
    found = lock(copy)
    assert [note for note in found.notes if "pylock.toml is left out" in note]
    for path in copy.iterdir():
        assert path.is_dir() or "corp.example" not in path.read_text(errors="replace"), path
    assert not list(copy.glob("pylock*"))


def test_second_time_writes_nothing(flights: Path) -> None:
    locks = lock(flights)
    before = {path: path.stat().st_mtime_ns for path in flights.glob("*.lock")}
    assert lock(flights) == locks
    assert {path: path.stat().st_mtime_ns for path in flights.glob("*.lock")} == before


def test_what_moved_since_is_named(flights: Path) -> None:
    locks = lock(flights)
    assert moved(flights) == []
    assert CliRunner().invoke(command, [str(flights), "--check"], standalone_mode=False).return_value == 0
    whole = locks.requirements.read_text()
    try:
        locks.requirements.write_text(re.sub(r"^joblib==\S+", "joblib==0.1", whole, flags=re.M))
        (found,) = moved(flights)
        assert (found.name, found.locked) == ("joblib", "0.1")
        answer = CliRunner().invoke(command, [str(flights), "--check"], standalone_mode=False)
        assert answer.return_value == 1
        assert re.search(r"joblib\D+0\.1\b.*\b" + re.escape(str(found.now)), answer.output)
        locks.requirements.write_text(re.sub(r"^joblib==(\S+) \\\n(?:.*\\\n)*.*\n", r"joblib==\1\n", whole, flags=re.M))
        with pytest.raises(GateFailed, match="joblib"):
            moved(flights)
    finally:
        locks.requirements.write_text(whole)


def test_package_that_no_index_has_is_named(flights: Path, tmp_path: Path) -> None:
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
@pytest.mark.parametrize("way", ["editable", "folder", "repository", "wheel"])
def test_local_project_travels_as_a_wheel_and_answers_on_a_clean_machine(tmp_path: Path, way: str) -> None:
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
    wanted = installed_by(way, project, tmp_path)
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
    direct = {each.name: each.direct for each in record(folder).environment.distributions}["localtool"]  # type: ignore[union-attr]
    told = {"repository": "vcs_info", "wheel": "archive_info"}.get(way, "dir_info")
    assert direct and told in direct and "file://" in direct["url"]
    wheels = [each for each in tomllib.loads((folder / "pylock.toml").read_text())["packages"] if "archive" in each]
    assert [(each["name"], each["archive"]["path"]) for each in wheels] == [("localtool", f"wheels/{wheel.name}")]
    Pylock.from_dict(tomllib.loads((folder / "pylock.toml").read_text()))
    assert not [path for path in (tmp_path / "home" / "mlruns").rglob("*.json") if "file://" in path.read_text()]


def installed_by(way: str, project: Path, place: Path) -> list[str]:
    """What uv is told to install."""
    if way == "repository":
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
        for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
            subprocess.run([*git, *arguments], cwd=project, check=True)
        return [f"localtool @ git+file://{project}"]
    if way == "wheel":
        return [str(build_wheel(project, place))]
    return ["-e", str(project)] if way == "editable" else [str(project)]
