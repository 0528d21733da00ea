import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRunningSessionManagers } from '@jupyterlab/running';

import { handoffIcon } from '../icon';
import { Job } from '../contracts';
import { current } from '../logic/jobs';
import { Handoff } from '../models/handoff';
import { isActive } from '../models/jobs';
import { IHandoff } from '../tokens';

/** Jobs in JupyterLab's own list of what runs. */
export const running: JupyterFrontEndPlugin<void> = {
  id: 'handoff-ext:running',
  description: 'Handoff jobs in the Running panel.',
  autoStart: true,
  requires: [IHandoff],
  optional: [IRunningSessionManagers],
  activate: (app: JupyterFrontEnd, handoff: Handoff, managers: IRunningSessionManagers | null) => {
    const { jobs, words } = handoff.around;
    const { stepNames, kinds } = words.job;
    const step = (job: Job) => stepNames[current(job)?.step ?? ''] ?? '';
    managers?.add({
      name: words.job.running,
      supportsMultipleViews: false,
      running: () =>
        jobs.all.filter(isActive).map(job => ({
          icon: () => handoffIcon,
          label: () => `${kinds[job.kind]}: ${job.path}`,
          detail: () => step(job),
          open: () => void app.commands.execute('docmanager:open', { path: job.path }),
          shutdown: () => void jobs.cancel(job.id)
        })),
      shutdownAll: () => jobs.all.filter(isActive).forEach(job => void jobs.cancel(job.id)),
      refreshRunning: () => void jobs.refresh().catch(() => undefined),
      runningChanged: jobs.stateChanged,
      shutdownLabel: words.cancel,
      shutdownAllLabel: words.job.shutDownAll
    });
  }
};
