"""Run a pipeline's stages on a Dask cluster; what they hand on goes through a store that all machines reach."""

from handoff_ext.run.cluster.running import run_on_dask

__all__ = ["run_on_dask"]
