import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

import { CommandIDs } from '../commands';
import { Handoff } from '../models/handoff';
import { HandoffPanel } from '../panel/panel';
import { IHandoff } from '../tokens';

/** The panel on the right. It opens when asked to, or by a link that ends in `?handoff=open`. */
export const sidebar: JupyterFrontEndPlugin<void> = {
  id: 'handoff-ext:sidebar',
  description: 'The Handoff sidebar.',
  autoStart: true,
  requires: [IHandoff],
  optional: [ILayoutRestorer],
  activate: (app: JupyterFrontEnd, handoff: Handoff, restorer: ILayoutRestorer | null) => {
    const asked = new URLSearchParams(window.location.search).get('handoff') === 'open';
    const panel = new HandoffPanel(handoff, app.commands);
    app.shell.add(panel, 'right', { rank: 600 });
    restorer?.add(panel, 'handoff-panel');
    if (asked) {
      void app.restored.then(() => app.commands.execute(CommandIDs.showPanel));
    }
  }
};
