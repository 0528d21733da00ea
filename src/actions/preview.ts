import { JupyterFrontEnd } from '@jupyterlab/application';

import { NotebookSession } from '../models/session';
import { Preview } from '../panel/preview';
import { applyFix, askForFix } from './fixing';
import { showTab } from './tabs';

/** Show in a tab what "Fix safe problems" would change, with a button that does it. */
export async function showPreview(app: JupyterFrontEnd, session: NotebookSession): Promise<void> {
  const { words } = session.around;
  await session.view.during('fixing', async () => {
    const answer = await askForFix(session, null);
    const content = new Preview(words, answer.diff, async () => {
      if (await applyFix(session, answer)) {
        tab.dispose();
        app.shell.activateById(session.panel.id);
      }
    });
    const tab = showTab(app, session, 'preview', words.check.previewTitle(session.name), content);
  });
}
