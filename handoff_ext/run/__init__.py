"""Execute a pipeline's stages, keep records, and prove that it computes what its notebook computes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handoff_ext.run.cluster import run_on_dask
    from handoff_ext.run.failures import RunCancelled, StageFailed
    from handoff_ext.run.many import run_many
    from handoff_ext.run.proving import prove, run_and_prove
    from handoff_ext.run.runner import run_pipeline

__all__ = ["RunCancelled", "StageFailed", "prove", "run_and_prove", "run_many", "run_on_dask", "run_pipeline"]

_HOME = {
    "prove": "handoff_ext.run.proving",
    "run_and_prove": "handoff_ext.run.proving",
    "run_many": "handoff_ext.run.many",
    "run_on_dask": "handoff_ext.run.cluster",
    "run_pipeline": "handoff_ext.run.runner",
    "RunCancelled": "handoff_ext.run.failures",
    "StageFailed": "handoff_ext.run.failures",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
