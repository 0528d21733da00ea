"""MLflow has few doors into the project: the registries of publishing and serving, and what runs in a version's own
environment."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import handoff_ext
from handoff_ext.publish.registry import Registry

DOORS = {"publish/registry.py", "publish/newstore.py", "serve/registry.py"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_mlflow_is_imported_in_the_registry_adapters_alone() -> None:
    root = Path(handoff_ext.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(name.partition(".")[0] == "mlflow" for name in imported(path))
    }
    assert {name for name in found if "/inside/" not in name} == DOORS


def test_mlflows_own_setting_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said in the environment, it is only there afterwards: who takes it out of there is rid of it."""
    import mlflow
    from mlflow.tracking import is_tracking_uri_set

    here = f"sqlite:///{tmp_path / 'here.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    assert Registry(here).versions("nothing") == []
    assert os.environ["MLFLOW_TRACKING_URI"] == "http://127.0.0.1:9"
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    assert not is_tracking_uri_set()

    mlflow.set_tracking_uri("http://127.0.0.1:8")
    try:
        assert Registry(here).versions("nothing") == []
        assert mlflow.get_tracking_uri() == "http://127.0.0.1:8"
    finally:
        mlflow.set_tracking_uri(None)  # type: ignore[arg-type]
