"""Execute one notebook in a kernel, leaving the same executed notebook as papermill does."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from handoff_ext.run.folder import write_text
from handoff_ext.run.kernel import Kernel
from handoff_ext.run.parts import (
    CellExecutionError,
    DeadKernelError,
    NotebookExecutionManager,
    NotebookNode,
    PapermillExecutionError,
    PapermillNotebookClient,
    load_notebook_node,
    nbformat,
    parameterize_notebook,
    raise_for_execution_errors,
    remove_error_markers,
)
from handoff_ext.run.secrets import Redact, sentence

_SAVE_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a notebook ended. ``error`` is one sentence, empty where all went well; ``cell_id`` the cell's id."""

    error: str = ""
    cell_id: str = ""


AfterCell = Callable[[PapermillNotebookClient, Any], Awaitable[None]]
OnCell = Callable[[int, int], None]
Chosen = Callable[[Any], bool]


def source_cell(cell: Any) -> str:
    """The id, in the source notebook, of the cell that a stage's cell came from."""
    return str(cell.get("id", ""))


def load(path: Path, parameters: Mapping[str, Any]) -> NotebookNode:
    """The notebook, parametrised as papermill does it."""
    # Absolute: of a path that begins with "-", papermill reads stdin.
    notebook = remove_error_markers(load_notebook_node(str(path.absolute())))
    if parameters:
        notebook = parameterize_notebook(notebook, dict(parameters), kernel_name="python3", language="python")
    notebook.metadata.papermill["input_path"] = path.name
    return notebook  # type: ignore[no-any-return]


class _Keeper(NotebookExecutionManager):  # type: ignore[misc]
    """Papermill's record of times and states: saved aside, then renamed; at most once a second; only once ``live``."""

    def __init__(self, notebook: NotebookNode, path: Path, redact: Redact) -> None:
        super().__init__(notebook, output_path=None, progress_bar=False)
        self.path = path
        self.redact = redact
        self.live = False
        self.saved = 0.0
        notebook.metadata.papermill["output_path"] = path.name

    def save(self, **_: Any) -> None:
        """Save, unless that was done a moment ago."""
        if self.live and time.monotonic() - self.saved > _SAVE_EVERY:
            self.write()

    def write(self) -> None:
        """Save now."""
        text: str = nbformat.writes(self.nb)  # type: ignore[no-untyped-call]
        write_text(self.path, self.redact(text))
        self.saved = time.monotonic()

    def started(self, seconds: float) -> None:
        """The notebook's own time began so many seconds ago: what it waited for its turn does not count."""
        self.start_time = self.now() - timedelta(seconds=seconds)
        self.nb.metadata.papermill["start_time"] = self.start_time.isoformat()


class Execution:
    """One notebook in one kernel; ``path`` gets the executed notebook, complete up to where it ended.

    ``forgiven``: what failed in cells that may fail, in order.
    """

    def __init__(self, notebook: NotebookNode, kernel: Kernel, path: Path, redact: Redact) -> None:
        self.notebook = notebook
        self.kernel = kernel
        self._keeper = _Keeper(notebook, path, redact)
        self.client = PapermillNotebookClient(self._keeper, km=kernel.manager, raise_on_iopub_timeout=True)
        self.client.kc = kernel.client
        self.client.reset_execution_trackers()
        self._redact = redact
        self.forgiven: list[Ending] = []
        self._next = 0
        self._spent = 0.0
        self._keeper.notebook_start()

    async def begin(self, harmless: Chosen, timeout: float | None = None) -> bool:
        """Execute the first cells before their turn, as long as they are ``harmless``; false where one fails or
        ``timeout`` seconds are over."""
        began = time.monotonic()
        cells = self.notebook.cells
        while self._next < len(cells) and harmless(cells[self._next]):
            if await self._step(None if timeout is None else began + timeout):
                return False
        self._spent = time.monotonic() - began
        return True

    async def finish(
        self, after: AfterCell, on_cell: OnCell, timeout: float | None = None, needed: Chosen = lambda _: True
    ) -> Ending:
        """Execute all other cells.

        ``after`` is awaited after each code cell that ended well. A cell that fails, a kernel that dies and a time
        limit (``timeout`` seconds for all cells) are endings, not exceptions. A cell that is not ``needed`` may fail.

        Raises:
            asyncio.CancelledError: when the task is cancelled; the notebook is saved, the kernel is killed.
        """
        self._keeper.live = True
        self._keeper.started(self._spent)
        deadline = None if timeout is None else time.monotonic() + timeout
        ending = Ending()
        cells = self.notebook.cells
        try:
            while self._next < len(cells) and not ending.error:
                cell = cells[self._next]
                on_cell(self._next, len(cells))
                if error := await self._step(deadline, after):
                    failed = Ending(sentence(self._redact(error)), source_cell(cell))
                    if needed(cell) or self.kernel.ended is not None:
                        ending = failed
                    else:
                        self.forgiven.append(failed)
            if not ending.error:
                self.client.set_widgets_metadata()
                about = await self.client.async_wait_for_reply(self.client.kc.kernel_info())
                self.notebook.metadata["language_info"] = about["content"]["language_info"]
        except DeadKernelError:
            ending = Ending(_death(self.kernel))
        finally:
            if not ending.error:
                ending = self._hidden_error(needed)
            self._keeper.notebook_complete()
            with contextlib.suppress(PapermillExecutionError):
                raise_for_execution_errors(self.notebook, None)
            self._keeper.write()
        return ending

    async def _step(self, deadline: float | None, after: AfterCell | None = None) -> str:
        """Execute the next cell; the sentence that says what went wrong, or nothing."""
        index, cell = self._next, self.notebook.cells[self._next]
        self._next += 1
        self._keeper.cell_start(cell, index)
        try:
            error = await self._execute(cell, index, deadline)
            if after is not None and not error and cell.cell_type == "code":
                await after(self.client, cell)
        except DeadKernelError:
            error = _death(self.kernel)
        if error:
            _mark(cell, error)
            self._keeper.cell_exception(cell, index)
        self._keeper.cell_complete(cell, index)
        return error

    async def _execute(self, cell: Any, index: int, deadline: float | None) -> str:
        """In a task of its own: nbclient takes any cancellation for the death of the kernel."""
        task = asyncio.ensure_future(self.client.async_execute_cell(cell, index))
        limit = None if deadline is None else max(0.0, deadline - time.monotonic())
        try:
            done, _ = await asyncio.wait({task}, timeout=limit)
            if done:
                task.result()
                return ""
            self.kernel.kill()
            return "The time limit was over."
        except CellExecutionError as error:
            if error.ename == "SystemExit":
                return "The cell ended Python (sys.exit)."
            said = " ".join(str(error.evalue).split())
            return f"{error.ename}: {said}" if said else str(error.ename)
        finally:
            if not task.done():
                self.kernel.kill()
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, DeadKernelError, CellExecutionError):
                    await task

    def _hidden_error(self, needed: Chosen) -> Ending:
        """The first error that stopped nothing (``raises-exception``): papermill fails such a notebook too."""
        for cell in filter(needed, self.notebook.cells):
            for output in cell.get("outputs", []):
                if output.output_type == "error":
                    said = sentence(self._redact(f"{output.ename}: {output.evalue}"))
                    return Ending(said, source_cell(cell))
        return Ending()


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
