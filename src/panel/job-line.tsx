import * as React from 'react';

import { cancel } from '../actions/running';
import { Job } from '../contracts';
import { fraction } from '../logic/jobs';
import { NotebookSession } from '../models/session';
import { Button } from './button';
import { jobPart } from './job-words';
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
  const seconds = jobs.seconds(job);
  const expected = overview.value?.expected_seconds[job.kind] ?? 0;
  const text =
    job.state === 'cancelling' ? words.job.cancelling : words.job.line(kind, jobPart(session, job));
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
      <progress aria-label={kind} max={1} value={fraction(job, seconds, expected)} />
      <p className="jp-Handoff-hint">{words.publish.closeTab}</p>
    </div>
  );
}

/** Render again each second. */
function useSeconds(): void {
  const [, tick] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const timer = window.setInterval(tick, 1000);
    return () => window.clearInterval(timer);
  }, []);
}
