import { NotebookSession } from '../models/session';
import { Finding } from '../contracts';
import { Standing } from './next';
import { shown } from './problems';

/** Problems of a notebook that the user wants to see. */
export function problemsOf(session: NotebookSession): Finding[] {
  const { settings } = session.around;
  return shown(session.checker.findings, session.handsOver, family => settings.shows(family));
}

/** Where a notebook stands on its way. */
export function standingOf(session: NotebookSession): Standing {
  const published = session.overview.value?.published;
  return {
    problems: problemsOf(session),
    tested: session.overview.tested || session.job !== undefined,
    open: session.plan.open,
    published: Boolean(published?.rehearsed && !published.draft && published.stale_cells === 0)
  };
}

/** How many problems must be fixed. */
export function mustFix(session: NotebookSession): number {
  return problemsOf(session).filter(finding => finding.severity === 'error').length;
}
