import { Finding } from '../contracts';
import { NotebookSession } from '../models/session';
import { SectionName } from '../models/view';
import { sectionOfJob } from './jobs';
import { nextOf, sectionOf, Standing } from './next';
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

/** The section to begin with: where something failed, else where the next thing is to be done. */
export function beginning(session: NotebookSession): SectionName {
  const { lastJob, checker } = session;
  if (lastJob?.state === 'failed') {
    return sectionOfJob(lastJob);
  }
  return checker.unparsable.length ? 'check' : sectionOf[nextOf(standingOf(session)).do];
}

/** How many problems must be fixed. */
export function mustFix(session: NotebookSession): number {
  return problemsOf(session).filter(finding => finding.severity === 'error').length;
}
