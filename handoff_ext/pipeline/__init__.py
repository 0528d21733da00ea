"""Tagged cells become a pipeline that plain papermill runs.

``suggest(notebook)`` proposes a step for each cell, ``change_from(suggestion)`` makes tags of it, ``extract(path)``
writes the pipeline's folder, ``read_manifest(folder)`` reads what was written.
"""

from handoff_ext.pipeline.extraction import extract
from handoff_ext.pipeline.manifest import read_manifest, source_hash
from handoff_ext.pipeline.suggestion import Suggestion, change_from, suggest

__all__ = ["Suggestion", "change_from", "extract", "read_manifest", "source_hash", "suggest"]
