"""A pipeline fitted where neither MLflow nor we are installed, for all tests here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.publish import made


@pytest.fixture(scope="session")
def flights(tmp_path_factory: pytest.TempPathFactory, other_kernel: Any) -> Path:
    """A pipeline's folder as a run leaves it."""
    return made.make(tmp_path_factory.mktemp("flights"), python=str(other_kernel.python))
