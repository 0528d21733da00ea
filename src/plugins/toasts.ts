import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';

import { CommandIDs } from '../commands';
import { Job } from '../contracts';
import { sectionOfJob } from '../logic/jobs';
import { Handoff } from '../models/handoff';
import { Jobs } from '../models/jobs';
import { plain } from '../panel/said';
import { IHandoff } from '../tokens';

/** A notification's text is cut here. */
const LONGEST = 140;

/** A short message when a job is done or failed; what failed stays in the panel. */
export const toasts: JupyterFrontEndPlugin<void> = {
  id: 'handoff-ext:toasts',
  description: 'Says when a Handoff job has ended.',
  autoStart: true,
  requires: [IHandoff],
  activate: (app: JupyterFrontEnd, handoff: Handoff) => {
    const { jobs, words } = handoff.around;
    const show = async (job: Job) => {
      await app.commands.execute('docmanager:open', { path: job.path });
      await app.commands.execute(CommandIDs.showPanel);
      const section = sectionOfJob(job);
      handoff.current?.view.reveal(section);
      handoff.current?.view.focus(`section:${section}`);
    };
    jobs.ended.connect((_: Jobs, job: Job) => {
      const kind = words.job.kinds[job.kind];
      const actions = [{ label: words.show, callback: () => void show(job) }];
      if (job.state === 'done') {
        Notification.success(words.job.done(kind), { autoClose: 6000, actions });
      } else if (job.state === 'failed') {
        const text = plain(words.job.failed(kind, job.error));
        const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
        Notification.error(short, { autoClose: 15_000, actions });
      }
    });
  }
};
