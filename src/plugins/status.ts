import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';

import { Handoff } from '../models/handoff';
import { StatusItem } from '../panel/status-item';
import { IHandoff } from '../tokens';

/** How many problems must be fixed, or what the job is at, in the status bar. */
export const status: JupyterFrontEndPlugin<void> = {
  id: 'handoff-ext:status',
  description: 'Handoff in the status bar.',
  autoStart: true,
  requires: [IHandoff],
  optional: [IStatusBar],
  activate: (app: JupyterFrontEnd, handoff: Handoff, bar: IStatusBar | null) => {
    bar?.registerStatusItem('handoff-ext:status', {
      item: new StatusItem(handoff, app.commands),
      align: 'right',
      rank: 90,
      isActive: () =>
        handoff.around.settings.status && handoff.current !== null && handoff.current.isPython,
      activeStateChanged: handoff.stateChanged
    });
  }
};
