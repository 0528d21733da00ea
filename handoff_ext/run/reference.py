"""Run the notebook itself, on a copy, and take out of it what the pipeline is to be compared with."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handoff_ext.cells.model import Notebook
from handoff_ext.cells.python import parse_cell
from handoff_ext.contracts.errors import GateFailed
from handoff_ext.contracts.pipeline import Manifest
from handoff_ext.run.captures import Captor, pieces
from handoff_ext.run.crossings import Crossing
from handoff_ext.run.executing import Ending, Execution, OnCell, load
from handoff_ext.run.kernel import start_kernel
from handoff_ext.run.parts import PapermillNotebookClient, PythonTranslator
from handoff_ext.run.secrets import Redact


class NotebookFailed(GateFailed):
    """The notebook does not run from top to bottom, as far as the pipeline needs it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What one run of the notebook left below ``folder``: the executed notebook, snapshots, captures, metrics.

    ``cwd``: the copy of the notebook's folder that it ran in.
    """

    folder: Path
    cwd: Path
    executed: Any
    metrics: dict[str, float]
    problems: dict[str, str]

    def snapshot(self, stage: str, cell_id: str) -> Path:
        """Values that leave ``stage``, as they were after that cell."""
        return snapshot_file(self.folder, stage, cell_id)


def snapshot_file(folder: Path, stage: str, cell_id: str) -> Path:
    """Where values of one moment lie."""
    return folder / "snapshots" / f"{stage}.{cell_id}.pkl"


async def run_notebook(
    notebook: Notebook,
    manifest: Manifest,
    crossing: list[Crossing],
    folder: Path,
    cwd: Path,
    kernel_name: str,
    environment: Mapping[str, str],
    values: Mapping[str, Any],
    redact: Redact,
    on_cell: OnCell,
) -> Reference:
    """Run all cells from top to bottom in a fresh kernel whose working folder is ``cwd``.

    A cell that the pipeline left out may fail.

    Args:
        folder: where all that it leaves goes.
        values: parameters that are given from outside, set where the notebook sets them.

    Raises:
        NotebookFailed: a cell that the pipeline holds failed, or the kernel died.
    """
    whole = load(Path(notebook.path), {})
    for cell, known in zip(whole.cells, notebook.cells, strict=True):
        cell["id"] = known.id
        if known.kind == "code" and values:
            cell.source = with_values(cell.source, values)
    held = {cell for stage in manifest.stages for cell in stage.cells}
    captor = Captor(manifest, None, folder / "model", [cell.id for cell in notebook.code])
    for moment in sorted({(one.writer, one.cell_id) for one in crossing}):
        names = {one.name: one.name for one in crossing if (one.writer, one.cell_id) == moment}
        captor.add(moment[1], names, snapshot_file(folder, *moment))
    last = max((piece.cell_id for piece in pieces(manifest)), key=_order(notebook), default="")

    async def after(client: PapermillNotebookClient, cell: Any) -> None:
        await captor.after(client, cell["id"])
        if last and cell["id"] == last:
            await captor.assemble(client)

    kernel = await start_kernel(kernel_name, cwd, environment)
    try:
        needed = lambda cell: cell["id"] in held  # noqa: E731
        execution = Execution(whole, kernel, folder / "notebook.ipynb", redact)
        ending = await execution.finish(after, on_cell, needed=needed)
    finally:
        await kernel.stop(now=True)
    if ending.error:
        raise _failed(notebook, ending, execution.forgiven)
    return Reference(folder, cwd, whole, captor.taken.metrics, captor.taken.problems)


def _failed(notebook: Notebook, ending: Ending, forgiven: list[Ending]) -> NotebookFailed:
    """Names the cell that failed first too: the other one may only have missed what that one was to make."""
    said = [f"The notebook itself failed in cell {_order(notebook)(ending.cell_id) + 1}: {ending.error}"]
    said += [f"Cell {_order(notebook)(first.cell_id) + 1} had failed before: {first.error}" for first in forgiven[:1]]
    missing = any("ModuleNotFoundError" in each for each in said)
    return NotebookFailed(
        " ".join(each if each.endswith((".", "!", "?")) else f"{each}." for each in said),
        "Install it beside the notebook's kernel." if missing else "Run it from top to bottom in a fresh kernel.",
    )


def with_values(source: str, values: Mapping[str, Any]) -> str:
    """The cell's source with each top-level ``name = constant`` followed by the given value."""
    if not any(name in source for name in values):
        return source
    tree = parse_cell(source).tree
    if tree is None:
        return source
    lines = source.split("\n")
    for statement in reversed(tree.body):
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or not isinstance(targets[0], ast.Name):
            continue
        name = targets[0].id
        if name in values and len(targets) == 1 and statement.end_lineno is not None:
            lines.insert(statement.end_lineno, f"{name} = {PythonTranslator.translate(values[name])}")
    return "\n".join(lines)


def _order(notebook: Notebook) -> Any:
    index = {cell.id: cell.index for cell in notebook.cells}
    return lambda cell_id: index.get(cell_id, -1)
