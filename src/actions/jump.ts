import { NotebookActions } from '@jupyterlab/notebook';

import { Finding } from '../contracts';
import { NotebookSession } from '../models/session';

/** Go to a cell, and to a place in its text where one is given (both counted from 1). */
export async function goToCell(
  session: NotebookSession,
  cellId: string,
  line = 0,
  column = 1
): Promise<void> {
  const notebook = session.panel.content;
  const index = session.numberOf(cellId) - 1;
  const cell = notebook.widgets[index];
  if (!cell) {
    return;
  }
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  await notebook.scrollToCell(cell, 'center');
  await cell.ready;
  if (
    line > 0 &&
    !(cell.model.type === 'markdown' && cell.node.classList.contains('jp-mod-rendered'))
  ) {
    notebook.mode = 'edit';
    const position = { line: line - 1, column: column - 1 };
    cell.editor?.setCursorPosition(position);
    cell.editor?.revealPosition(position);
  }
  await NotebookActions.focusActiveCell(notebook);
}

/** Go to where a problem is. */
export function goToProblem(session: NotebookSession, finding: Finding): Promise<void> {
  const line = finding.where === 'source' || finding.where === 'markdown' ? finding.line : 0;
  return goToCell(session, finding.cell_id, line, finding.column);
}

/** Give the focus back to the notebook. */
export function backToCell(session: NotebookSession): void {
  void NotebookActions.focusActiveCell(session.panel.content);
}
