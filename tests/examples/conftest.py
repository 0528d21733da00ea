"""The tool that writes the examples' tables, as a module."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "example_data.py"


@pytest.fixture(scope="session")
def example_data() -> ModuleType:
    spec = importlib.util.spec_from_file_location("example_data", TOOL)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def tables(example_data: ModuleType) -> set[str]:
    return set(example_data.TABLES)
