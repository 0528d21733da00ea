"""How what belongs to a notebook is named after it, and where it lies.

A fixed copy, ``NAME.handoff.ipynb``, has no name of its own: plan and pipeline are those of ``NAME.ipynb``.
"""

from __future__ import annotations

from pathlib import Path


def notebook_name(notebook: str | Path) -> str:
    """``flight_delays`` for ``work/flight_delays.ipynb``, for its fixed copy and for its plan."""
    name = str(notebook).replace("\\", "/").rpartition("/")[2]
    for ending in (".ipynb", ".yaml", ".yml"):
        name = name.removesuffix(ending)
    return name.removesuffix(".handoff")


def plan_path(notebook: Path) -> Path:
    """Where the plan of a notebook lies: ``NAME.handoff.yaml`` beside it."""
    return notebook.with_name(f"{notebook_name(notebook)}.handoff.yaml")


def pipeline_folder(notebook: Path) -> Path:
    """Where the pipeline of a notebook lies, or would: ``NAME_pipeline`` beside it."""
    return notebook.with_name(f"{notebook_name(notebook)}_pipeline")
