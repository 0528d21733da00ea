import { current } from '../logic/jobs';
import { counts } from '../logic/problems';
import { problemsOf } from '../logic/standing';
import { NotebookSession } from '../models/session';
import { partOf, position } from './job-line';

/** The state of a notebook in one sentence, for the live region: a job's step while one runs, else the problems. */
export function spoken(session: NotebookSession): string {
  const { job, checker, around } = session;
  const { words } = around;
  if (job) {
    const at = current(job);
    const kind = words.job.kinds[job.kind];
    return words.job.line(kind, at?.part ? position(at) : 0, at?.total ?? 0, partOf(session, at));
  }
  if (!checker.known) {
    return '';
  }
  const { must, should } = counts(problemsOf(session));
  return must + should
    ? words.readiness.problems(words.severityCounts(must, should, 0))
    : words.check.none(checker.checked);
}
