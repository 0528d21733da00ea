import { Notification } from '@jupyterlab/apputils';

import { FixAnswer } from '../contracts';
import { FixedCell } from '../notebook/edits';
import { NotebookSession } from '../models/session';

/** The change that fixes these problems (all safe ones where `keys` is null), and how it looks. */
export function askForFix(session: NotebookSession, keys: string[] | null): Promise<FixAnswer> {
  const { api } = session.around;
  return session.feed.ask(notebook => api.fix({ notebook, keys }));
}

/** Fix problems as one undo step. Null: all safe ones. */
export async function fix(session: NotebookSession, keys: string[] | null): Promise<void> {
  await session.view.during('fixing', async () => {
    await applyFix(session, await askForFix(session, keys));
  });
}

/** Make a change that was asked for before, perhaps looked at meanwhile. */
export async function applyFix(session: NotebookSession, answer: FixAnswer): Promise<boolean> {
  const words = session.around.words.check;
  const { change } = answer;
  const refused = await session.edits.apply(change, fixedByCell(session, change.keys));
  if (!refused) {
    session.view.fail({ message: words.nothingFixed, hint: '' });
    return false;
  }
  session.view.advice = [
    ...answer.advice,
    ...refused.map(({ name, lines }) => words.addLines(name, lines.join(' ')))
  ];
  void session.checker.check();
  offerUndo(session, words.fixedToast(change.keys.length));
  return true;
}

/** Take our last edit back. */
export async function undo(session: NotebookSession): Promise<void> {
  await session.view.during('fixing', async () => {
    if (await session.edits.undo()) {
      session.view.advice = [];
      await session.checker.check();
    }
  });
}

/** Give one fixed cell its old text again. */
export function putBack(session: NotebookSession, fixed: FixedCell): void {
  session.edits.putBack(fixed);
}

/** A short message that what we just did can be undone, as long as that is so. */
export function offerUndo(session: NotebookSession, message: string): void {
  const { undo: label } = session.around.words;
  const id = Notification.success(message, {
    autoClose: 8000,
    actions: [{ label, callback: () => void undo(session) }]
  });
  const watch = () => {
    if (!session.edits.canUndo) {
      session.edits.changed.disconnect(watch);
      Notification.dismiss(id);
    }
  };
  session.edits.changed.connect(watch);
}

function fixedByCell(session: NotebookSession, keys: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { key, cell_id } of session.checker.findings) {
    if (keys.includes(key)) {
      counts[cell_id] = (counts[cell_id] ?? 0) + 1;
    }
  }
  return counts;
}
