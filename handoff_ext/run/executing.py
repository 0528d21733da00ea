"""Execute one notebook in a kernel, leaving the same executed notebook as papermill does."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager
from papermill.exceptions import PapermillExecutionError
from papermill.execute import raise_for_execution_errors, remove_error_markers
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from handoff_ext.run.folder import write_text
from handoff_ext.run.kernel import Kernel
from handoff_ext.run.secrets import Redact, sentence

_SAVE_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a notebook ended. ``error`` is one sentence, empty where all went well; ``cell_id`` the cell's id."""

    error: str = ""
    cell_id: str = ""


AfterCell = Callable[[PapermillNotebookClient, Any], Awaitable[None]]
OnCell = Callable[[int, int], None]


def source_cell(cell: Any) -> str:
    """The id, in the source notebook, of the cell that a stage's cell came from."""
    return str(cell.metadata.get("handoff", {}).get("cell", cell.get("id", "")))


def load(path: Path, parameters: Mapping[str, Any]) -> NotebookNode:
    """The notebook, parametrised as papermill does it."""
    notebook = remove_error_markers(load_notebook_node(str(path)))
    if parameters:
        notebook = parameterize_notebook(notebook, dict(parameters), kernel_name="python3", language="python")
    notebook.metadata.papermill["input_path"] = path.name
    return notebook  # type: ignore[no-any-return]


class _Keeper(NotebookExecutionManager):  # type: ignore[misc]
    """Papermill's record of times and states, saved aside and renamed, at most once a second."""

    def __init__(self, notebook: NotebookNode, path: Path, redact: Redact) -> None:
        super().__init__(notebook, output_path=None, progress_bar=False)
        self.path = path
        self.redact = redact
        self.saved = 0.0
        notebook.metadata.papermill["output_path"] = path.name

    def save(self, **_: Any) -> None:
        """Save, unless that was done a moment ago."""
        if time.monotonic() - self.saved > _SAVE_EVERY:
            self.write()

    def write(self) -> None:
        """Save now."""
        text: str = nbformat.writes(self.nb)  # type: ignore[no-untyped-call]
        write_text(self.path, self.redact(text))
        self.saved = time.monotonic()


def client_for(notebook: NotebookNode, kernel: Kernel, path: Path, redact: Redact) -> PapermillNotebookClient:
    """What executes the notebook in a running kernel; ``path`` gets the executed notebook."""
    client = PapermillNotebookClient(_Keeper(notebook, path, redact), km=kernel.manager, raise_on_iopub_timeout=True)
    client.kc = kernel.client
    client.reset_execution_trackers()
    return client


async def execute(
    client: PapermillNotebookClient,
    kernel: Kernel,
    after: AfterCell,
    on_cell: OnCell,
    timeout: float | None = None,
    needed: Callable[[Any], bool] = lambda _: True,
) -> Ending:
    """Execute all cells; the executed notebook is complete up to where it ended.

    ``after`` is awaited after each code cell that ended well. A cell that fails, a kernel that dies and a time limit
    (``timeout`` seconds for all cells) are endings, not exceptions. A cell that is not ``needed`` may fail.

    Raises:
        asyncio.CancelledError: when the task is cancelled; the notebook is saved, the kernel may still be busy.
    """
    keeper, notebook = client.nb_man, client.nb
    redact = keeper.redact
    keeper.notebook_start()
    deadline = None if timeout is None else time.monotonic() + timeout
    ending = Ending()
    try:
        for index, cell in enumerate(notebook.cells):
            on_cell(index, len(notebook.cells))
            keeper.cell_start(cell, index)
            try:
                error = await _execute_cell(client, kernel, cell, index, deadline)
                if not error and cell.cell_type == "code":
                    await after(client, cell)
            except DeadKernelError:
                error = _death(kernel)
            if error and (needed(cell) or kernel.ended is not None):
                _mark(cell, error)
                keeper.cell_exception(cell, index)
                ending = Ending(sentence(redact(error)), source_cell(cell))
            keeper.cell_complete(cell, index)
            if ending.error:
                break
        else:
            client.set_widgets_metadata()
            about = await client.async_wait_for_reply(client.kc.kernel_info())
            notebook.metadata["language_info"] = about["content"]["language_info"]
    finally:
        if not ending.error:
            ending = _hidden_error(notebook, redact, needed)
        keeper.notebook_complete()
        with contextlib.suppress(PapermillExecutionError):
            raise_for_execution_errors(notebook, None)
        keeper.write()
    return ending


async def _execute_cell(
    client: PapermillNotebookClient, kernel: Kernel, cell: Any, index: int, deadline: float | None
) -> str:
    """Execute one cell; the sentence that says what went wrong, or nothing.

    In a task of its own: nbclient takes any cancellation for the death of the kernel.
    """
    task = asyncio.ensure_future(client.async_execute_cell(cell, index))
    limit = None if deadline is None else max(0.0, deadline - time.monotonic())
    try:
        done, _ = await asyncio.wait({task}, timeout=limit)
        if done:
            task.result()
            return ""
        kernel.kill()
        return "The time limit was over."
    except CellExecutionError as error:
        if error.ename == "SystemExit":
            return "The cell ended Python (sys.exit)."
        said = " ".join(str(error.evalue).split())
        return f"{error.ename}: {said}" if said else str(error.ename)
    finally:
        if not task.done():
            kernel.kill()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, DeadKernelError, CellExecutionError):
                await task


def _death(kernel: Kernel) -> str:
    code = kernel.ended
    if code == -9:
        return "The kernel was killed, most likely because memory ran out."
    if code is not None and code < 0:
        return f"The kernel crashed (signal {-code})."
    return "The kernel ended by itself."


def _mark(cell: Any, error: str) -> None:
    """Say in the executed notebook what the kernel could no longer say."""
    if cell.cell_type == "code" and not any(output.output_type == "error" for output in cell.outputs):
        marked = {"output_type": "error", "ename": "Stopped", "evalue": error, "traceback": [error]}
        cell.outputs.append(nbformat.from_dict(marked))  # type: ignore[no-untyped-call]


def _hidden_error(notebook: NotebookNode, redact: Redact, needed: Callable[[Any], bool]) -> Ending:
    """The first error that did not stop the notebook (``raises-exception``): papermill fails such a notebook too."""
    for cell in filter(needed, notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return Ending(sentence(redact(f"{output.ename}: {output.evalue}")), source_cell(cell))
    return Ending()
