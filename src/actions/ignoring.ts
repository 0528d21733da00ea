import { Finding, Ignored } from '../contracts';
import { IgnoreScope } from '../models/view';
import { NotebookSession } from '../models/session';
import { offerUndo } from './fixing';

/** Stop reporting a rule: in the cells of these problems (kept in their metadata), or in the whole project. */
export async function ignore(
  session: NotebookSession,
  findings: Finding[],
  scope: IgnoreScope,
  reason: string
): Promise<void> {
  const { rule } = findings[0];
  session.view.ignoring = null;
  if (scope === 'everywhere') {
    await session.view.during('fixing', async () => {
      await session.around.api.ignore({ path: session.path, rule, reason });
    });
  } else {
    const ids = new Set(findings.map(finding => finding.cell_id));
    session.edits.step(() => {
      for (const cell of session.model.sharedModel.cells) {
        if (ids.has(cell.getId())) {
          const own = ignoreOf(cell.getMetadata('handoff'));
          cell.setMetadata('handoff', { ...own, ignore: { ...own.ignore, [rule]: reason } });
        }
      }
    });
    offerUndo(session, session.around.words.check.ignoredToast);
  }
  await session.checker.check();
}

/** Report a rule again that was ignored in a cell. */
export async function unignore(session: NotebookSession, { finding }: Ignored): Promise<void> {
  const cell = session.model.sharedModel.cells.find(one => one.getId() === finding.cell_id);
  if (!cell) {
    return;
  }
  session.edits.step(() => {
    const { ignore: all, ...own } = ignoreOf(cell.getMetadata('handoff'));
    const { [finding.rule]: _, ...others } = all;
    const left = Object.keys(others).length ? { ...own, ignore: others } : own;
    if (Object.keys(left).length) {
      cell.setMetadata('handoff', left);
    } else {
      cell.deleteMetadata('handoff');
    }
  });
  await session.checker.check();
}

function ignoreOf(metadata: unknown): { ignore: Record<string, string> } {
  const own = (metadata ?? {}) as { ignore?: Record<string, string> };
  return { ...own, ignore: own.ignore ?? {} };
}
