import * as React from 'react';

import { cancel } from '../actions/running';
import { Job, Progress } from '../contracts';
import { current } from '../logic/jobs';
import { NotebookSession } from '../models/session';
import { Button } from './button';
import { Note } from './note';

/** During jobs only: what runs and how far it is, what waits, and that the last one was cancelled. */
export function JobLines({ session }: { session: NotebookSession }): JSX.Element | null {
  const { job, queuedJob, lastJob, around } = session;
  const { words } = around;
  return (
    <>
      {job ? <JobLine session={session} job={job} cancellable={!queuedJob} /> : null}
      {queuedJob ? (
        <Note
          actions={
            <Button
              label={words.cancel}
              title={words.job.cancelWhat(words.job.kinds[queuedJob.kind])}
              onPress={() => cancel(session)}
            />
          }
        >
          {queuedJob.kind === 'publish'
            ? words.publish.whenEqual
            : words.job.queued(words.job.kinds[queuedJob.kind])}
        </Note>
      ) : null}
      {!job && lastJob?.state === 'cancelled' ? (
        <Note
          actions={
            <Button label={words.close} quiet onPress={() => around.jobs.close(lastJob.id)} />
          }
        >
          {words.job.cancelled}
        </Note>
      ) : null}
    </>
  );
}

function JobLine(props: { session: NotebookSession; job: Job; cancellable: boolean }): JSX.Element {
  const { session, job } = props;
  const { around, overview } = session;
  const { words, jobs } = around;
  useSeconds();
  const kind = words.job.kinds[job.kind];
  const at = current(job);
  const seconds = jobs.seconds(job);
  const expected = overview.value?.expected_seconds[job.kind] ?? 0;
  const text =
    job.state === 'cancelling'
      ? words.job.cancelling
      : words.job.line(kind, at?.part ? position(at) : 0, at?.total ?? 0, partOf(session, at));
  const time = words.time(seconds);
  return (
    <div className="jp-Handoff-job">
      <div className="jp-Handoff-jobText">
        <span>
          {text} {expected ? words.job.ofAbout(time, words.time(expected)) : time}
        </span>
        {props.cancellable ? (
          <Button
            label={words.cancel}
            title={words.job.cancelWhat(kind)}
            unavailable={job.state === 'cancelling' ? words.job.cancelling : undefined}
            onPress={() => cancel(session)}
          />
        ) : null}
      </div>
      <progress
        aria-label={kind}
        max={1}
        value={expected ? Math.min(seconds / expected, 0.98) : undefined}
      />
      <p className="jp-Handoff-hint">{words.publish.closeTab}</p>
    </div>
  );
}

/** Counted from 1, as people do: the first step that runs is 1 of 5. */
export function position({ done, total, status }: Progress): number {
  return Math.min(status === 'running' ? done + 1 : done, total);
}

/** What a job is at, in words: a step's title while steps run, else what the job does. */
export function partOf(session: NotebookSession, at: Progress | null): string {
  if (!at) {
    return '';
  }
  const { stepNames } = session.around.words.job;
  const row = session.steps.rows.find(({ stage }) => stage === at.part);
  return row?.title ?? stepNames[at.step] ?? at.part;
}

/** Render again each second. */
function useSeconds(): void {
  const [, tick] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const timer = window.setInterval(tick, 1000);
    return () => window.clearInterval(timer);
  }, []);
}
