"""Where a package came from decides how it is locked: an index, conda, a folder, a repository, a file."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.evidence import Environment
from handoff_ext.publish.kernel import PROBE
from handoff_ext.publish.locking import lock
from handoff_ext.publish.pins import pins
from handoff_ext.run.environment import environment, merged, site
from tests.publish.test_lock import record


def installed(site: Path, name: str, installer: str, direct: dict[str, Any] | None = None) -> None:
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "top_level.txt").write_text(name)
    (info / "INSTALLER").write_text(installer + "\n")
    if direct:
        (info / "direct_url.json").write_text(json.dumps(direct))


def ran_on(place: Path, *names: str) -> Environment:
    facts = runpy.run_path(str(PROBE))["facts"]()
    site.cache_clear()
    return environment({**facts, "path": [str(place)], "modules": {name: [f"/x/{name}.py"] for name in names}})


def test_list_is_what_was_loaded_and_all_that_it_needs_here(tmp_path: Path) -> None:
    needs = {
        "table": ["numbers>=1", "clock; python_version < '3'", "reader[fast]; extra == 'files'"],
        "numbers": ["table"],  # round in a circle
        "clock": [],
        "reader": ["unzip; extra == 'fast'"],
        "unzip": [],
        "asks": ["reader[fast]"],
        "unused": [],
    }
    for name, lines in needs.items():
        installed(tmp_path, name, "pip")
        metadata = tmp_path / f"{name}-1.0.dist-info" / "METADATA"
        metadata.write_text(metadata.read_text() + "".join(f"Requires-Dist: {line}\n" for line in lines))
    assert pins(ran_on(tmp_path, "table").distributions) == ["numbers==1.0", "table==1.0"]
    assert pins(ran_on(tmp_path, "asks").distributions) == ["asks==1.0", "reader==1.0", "unzip==1.0"]


def test_stages_are_merged_with_what_a_library_loaded_while_one_ran(tmp_path: Path) -> None:
    for name in ("table", "reader", "fitter"):
        installed(tmp_path, name, "pip")
    load, train = ran_on(tmp_path, "table", "reader"), ran_on(tmp_path, "table", "fitter")
    whole = merged([load, train])
    assert whole is not None
    assert pins(whole.distributions) == ["fitter==1.0", "reader==1.0", "table==1.0"]
    assert merged([]) is None


def test_conda_package_is_pinned_and_its_builders_folder_forgotten(tmp_path: Path) -> None:
    installed(tmp_path, "fromconda", "conda", {"url": "file:///home/conda/feedstock_root/work", "dir_info": {}})
    installed(tmp_path, "fromgit", "pip", {"url": "https://me:word@host.example/x.git", "vcs_info": {"vcs": "git"}})
    installed(tmp_path, "fromindex", "uv")
    found = ran_on(tmp_path, "fromconda", "fromgit", "fromindex")
    assert pins(found.distributions) == ["fromconda==1.0", "fromindex==1.0"]
    by_name = {each.name: each for each in found.distributions}
    assert by_name["fromconda"].installer == "conda"
    assert by_name["fromgit"].direct == {"url": "https://host.example/x.git", "vcs_info": {"vcs": "git"}}


def test_conda_package_that_no_index_has_is_named_with_what_to_do(flights: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / flights.name
    shutil.copytree(flights.parent, tmp_path, dirs_exist_ok=True)
    changed = record(copy)
    assert changed.environment
    installed(tmp_path / "site", "handoff-no-such-package", "conda")
    (tmp_path / "site" / "handoff-no-such-package-1.0.dist-info" / "top_level.txt").write_text("nosuch")
    changed.environment.distributions += ran_on(tmp_path / "site", "nosuch").distributions
    (copy / "evidence" / "run.json").write_text(changed.model_dump_json())
    with pytest.raises(HandoffError, match=r"handoff-no-such-package==1\.0 came from conda") as refused:
        lock(copy)
    assert "with pip" in refused.value.hint


def test_cuda_is_recorded_where_a_loaded_library_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = runpy.run_path(str(PROBE))["cuda"]
    assert cuda() == ""
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(version=SimpleNamespace(cuda="12.6")))  # type: ignore[arg-type]
    assert cuda() == "12.6"
