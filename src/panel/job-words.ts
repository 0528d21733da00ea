import { Job } from '../contracts';
import { current, place } from '../logic/jobs';
import { NotebookSession } from '../models/session';

/** What a job is at, in words: "3/5 Train" while steps run, else what it does: "Compare 34/41". */
export function jobPart(session: NotebookSession, job: Job): string {
  const { rows } = session.steps;
  const { job: words } = session.around.words;
  const { done, total, stage } = place(
    job,
    rows.map(row => row.stage)
  );
  const row = rows.find(one => one.stage === stage);
  if (row) {
    return words.step(done, total, row.title);
  }
  const name = words.stepNames[current(job)?.step ?? ''] ?? '';
  return total ? words.counted(name, done, total) : name;
}
