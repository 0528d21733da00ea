import { JobKind } from '../logic/jobs';
import { NotebookSession } from '../models/session';
import { keepSuggestions } from './stepping';

/**
 * Keep the suggested steps, save, and start a test run; meanwhile the first open question has the focus.
 *
 * @param force run steps again that did not change
 */
export async function testRun(session: NotebookSession, force = false): Promise<void> {
  const { view } = session;
  await view.during('starting', async () => {
    await keepSuggestions(session);
    await start(session, 'test-run', { force });
    askNext(session);
  });
}

/** Keep the suggested steps, save, and write the steps without running them; edits by hand are merged. */
export async function build(session: NotebookSession): Promise<void> {
  await session.view.during('starting', async () => {
    await keepSuggestions(session);
    await start(session, 'build');
    session.view.reveal('steps');
  });
}

/** Save the answers and the notebook, and start publishing: at once, or once the running job has ended. */
export async function publish(session: NotebookSession, draft = false): Promise<void> {
  await session.view.during('starting', async () => {
    if (!(await session.plan.save())) {
      throw session.plan.error ?? new Error(session.plan.problem);
    }
    await start(session, 'publish', { draft });
    session.view.reveal('publish');
  });
}

/** Cancel a notebook's jobs: the one that waits first. */
export async function cancel(session: NotebookSession): Promise<void> {
  const job = session.queuedJob ?? session.job;
  if (job) {
    await session.view.during('cancelling', () => session.around.jobs.cancel(job.id));
  }
}

/** Open the questions, the first open one in focus. */
export function askNext(session: NotebookSession): void {
  const [first] = session.plan.open;
  session.view.reveal(first ? 'publish' : 'steps');
  if (first) {
    session.view.focus(`question:${first}`);
  }
}

async function start(
  session: NotebookSession,
  kind: JobKind,
  how: { draft?: boolean; force?: boolean } = {}
): Promise<void> {
  const { overview, steps, around } = session;
  if (session.lastJob) {
    around.jobs.close(session.lastJob.id);
  }
  await session.panel.context.save();
  await around.jobs.start({
    kind,
    path: session.path,
    name: overview.modelName,
    tracking_uri: overview.store,
    draft: how.draft ?? false,
    force: how.force ?? false,
    model: steps.model,
    kernel: session.kernel
  });
}
