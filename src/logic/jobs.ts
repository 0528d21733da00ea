import { Job, JobRequest, Progress, Step } from '../contracts';
import { SectionName } from '../models/view';

export type JobKind = JobRequest['kind'];

type StepName = Step['step'];

/** What each kind of job does, in order. */
const roads: Record<JobKind, StepName[]> = {
  build: ['check', 'fix', 'tag', 'extract'],
  'test-run': ['check', 'fix', 'tag', 'extract', 'run', 'prove', 'features', 'parity'],
  publish: [
    'check',
    'fix',
    'tag',
    'extract',
    'run',
    'prove',
    'features',
    'parity',
    'lock',
    'publish',
    'rehearse',
    'predict'
  ]
};

/** The section that shows how a job ended. */
export function sectionOfJob({ kind }: Job): SectionName {
  return kind === 'publish' ? 'publish' : 'steps';
}

/** What a job is at: its last word about something that runs, else its last word. */
export function current(job: Job): Progress | null {
  return job.progress.filter(one => one.status === 'running').at(-1) ?? job.progress.at(-1) ?? null;
}

/**
 * How far a job is, between 0 and 1: by time where it is known how long it took last, else by its steps.
 *
 * @param expected seconds that it took last time; 0 where that is not known
 */
export function fraction(job: Job, seconds: number, expected: number): number {
  if (expected > 0) {
    return Math.min(seconds / expected, 0.98);
  }
  const at = current(job);
  const road = roads[job.kind];
  const passed = Math.max(road.indexOf(at?.step as StepName), 0);
  const within = at?.total ? at.done / at.total : 0;
  return Math.min((passed + within) / road.length, 0.98);
}

/** Where a job is within something that counts: the step of the steps while steps run, else what the server counts. */
export function place(job: Job, stages: string[]): { done: number; total: number; stage: string } {
  const at = current(job);
  const index = at ? stages.indexOf(at.part) : -1;
  return index >= 0
    ? { done: index + 1, total: stages.length, stage: at!.part }
    : { done: at?.done ?? 0, total: at?.total ?? 0, stage: '' };
}
