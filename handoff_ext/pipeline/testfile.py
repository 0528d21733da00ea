"""The pipeline's own tests: all steps on a sample of the inputs, by plain papermill."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FILES = ("test_pipeline.py", "sample_run.py", "look.py")


@cache
def test_files() -> dict[str, str]:
    """The files of ``tests/``: the same for all pipelines, since they read ``pipeline.yaml``."""
    return {f"tests/{name}": (Path(__file__).parent / "inside" / name).read_text(encoding="utf-8") for name in _FILES}
