import { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';

import { handoffIcon } from '../icon';
import { NotebookSession } from '../models/session';
import { Preview } from '../panel/preview';
import { applyFix, askForFix } from './fixing';

/** Show in a tab what "Fix safe problems" would change, with a button that does it. */
export async function showPreview(app: JupyterFrontEnd, session: NotebookSession): Promise<void> {
  const { words } = session.around;
  await session.view.during('fixing', async () => {
    const answer = await askForFix(session, null);
    const tab = new MainAreaWidget({
      content: new Preview(words, answer.diff, async () => {
        if (await applyFix(session, answer)) {
          tab.dispose();
          app.shell.activateById(session.panel.id);
        }
      })
    });
    tab.id = `handoff-preview-${session.panel.id}`;
    tab.title.label = words.check.previewTitle(session.name);
    tab.title.icon = handoffIcon;
    tab.title.closable = true;
    session.panel.disposed.connect(() => tab.dispose());
    app.shell.add(tab, 'main', { ref: session.panel.id, mode: 'tab-after' });
    app.shell.activateById(tab.id);
  });
}
