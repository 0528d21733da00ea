import { INotebookModel } from '@jupyterlab/notebook';
import { ISharedCell, ISharedCodeCell, YNotebook } from '@jupyter/ydoc';

import { CellInsert, NotebookChange } from '../contracts';

/**
 * Make a change in the open document, as one step that JupyterLab's undo takes back, outputs and tags included.
 *
 * All is nested in one transaction of the notebook: a cell's own transactions would go to the cell's own undo, and
 * those for outputs and metadata to none.
 *
 * @returns false, and nothing is changed, where a cell is no longer what the change was made for
 */
export function applyChange(model: INotebookModel, change: NotebookChange): boolean {
  const cells = new Map(model.sharedModel.cells.map(cell => [cell.getId(), cell]));
  if (change.cells.some(({ cell_id, before }) => cells.get(cell_id)?.getSource() !== before)) {
    return false;
  }
  asOneStep(model, () => {
    for (const one of change.cells) {
      const cell = cells.get(one.cell_id)!;
      replaceSource(cell, one.after);
      if (one.clear_outputs && cell.cell_type === 'code') {
        (cell as ISharedCodeCell).clearOutputs(null);
      }
    }
    for (const [id, tags] of Object.entries(change.tags)) {
      const cell = cells.get(id);
      if (cell) {
        setTags(cell, tags);
      }
    }
    insertCells(model, change.inserts);
  });
  return true;
}

/** Run `edit` as one undoable step of its own, however soon it follows the step before. */
export function asOneStep(model: INotebookModel, edit: () => void): void {
  const { undoManager } = model.sharedModel as YNotebook;
  undoManager.stopCapturing();
  model.sharedModel.transact(edit);
  undoManager.stopCapturing();
}

/** Give a cell these tags; an empty list leaves no trace in the file. */
export function setTags(cell: ISharedCell, tags: string[]): void {
  if (tags.length) {
    cell.setMetadata('tags', tags);
  } else {
    cell.deleteMetadata('tags');
  }
}

/** Give a cell another source, touching only the text between the first and the last difference. */
export function replaceSource(cell: ISharedCell, after: string): void {
  const before = cell.getSource();
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) {
    start++;
  }
  let end = 0;
  while (
    end < shorter - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end++;
  }
  if (before !== after) {
    cell.updateSource(start, before.length - end, after.slice(start, after.length - end));
  }
}

/** Insert from the back, since each index counts in the notebook as it was before. */
function insertCells(model: INotebookModel, inserts: CellInsert[]): void {
  const last = model.sharedModel.cells.length;
  const backwards = [...inserts].reverse().sort((a, b) => b.index - a.index);
  for (const insert of backwards) {
    model.sharedModel.insertCell(Math.min(insert.index, last), {
      cell_type: insert.kind,
      id: insert.cell_id,
      source: insert.source,
      metadata: insert.tags.length ? { tags: insert.tags } : {},
      ...(insert.kind === 'code' ? { outputs: [], execution_count: null } : {})
    });
  }
}
