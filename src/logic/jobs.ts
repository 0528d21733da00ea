import { Job, JobRequest, Progress } from '../contracts';

export type JobKind = JobRequest['kind'];

/** What a job is at: its last word about something that runs, else its last word. */
export function current(job: Job): Progress | null {
  return job.progress.filter(one => one.status === 'running').at(-1) ?? job.progress.at(-1) ?? null;
}
