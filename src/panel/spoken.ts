import { counts } from '../logic/problems';
import { problemsOf } from '../logic/standing';
import { NotebookSession } from '../models/session';
import { jobPart } from './job-words';

/** The state of a notebook in one sentence, for the live region: a job's step while one runs, else the problems. */
export function spoken(session: NotebookSession): string {
  const { job, checker, around } = session;
  const { words } = around;
  if (job) {
    return words.job.line(words.job.kinds[job.kind], jobPart(session, job));
  }
  if (!checker.known) {
    return '';
  }
  const { must, should } = counts(problemsOf(session));
  return must + should
    ? words.readiness.problems(words.severityCounts(must, should, 0))
    : words.check.none(checker.checked);
}
