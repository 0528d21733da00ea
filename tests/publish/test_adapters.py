"""MLflow has few doors into the project: the registries of publishing and serving, and what runs in a version's own
environment."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import handoff_ext

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
