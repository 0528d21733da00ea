"""The parts of papermill and nbclient that runs are built on, imported without what makes that slow.

nbformat imports jsonschema, which imports a grammar for internationalised addresses where it finds one: two thirds of
the time of the whole, for a check that notebooks never need. jsonschema does without where it is not there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _without(*modules: str) -> Iterator[None]:
    hidden = [module for module in modules if module not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for module in hidden:
            del sys.modules[module]


with _without("rfc3987_syntax", "isoduration", "pyarrow"):
    import nbformat
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from nbformat import NotebookNode
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NotebookExecutionManager
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import raise_for_execution_errors, remove_error_markers
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook
    from papermill.translators import PythonTranslator

__all__ = [
    "CellExecutionError",
    "DeadKernelError",
    "NotebookExecutionManager",
    "NotebookNode",
    "PapermillExecutionError",
    "PapermillNotebookClient",
    "PythonTranslator",
    "load_notebook_node",
    "nbformat",
    "parameterize_notebook",
    "raise_for_execution_errors",
    "remove_error_markers",
]
