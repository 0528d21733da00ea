import { JupyterFrontEnd } from '@jupyterlab/application';

import { NotebookSession } from '../models/session';
import { ComparisonTab } from '../panel/comparison';
import { build } from './running';
import { showTab } from './tabs';

/** Show in a tab what changed since the published version. */
export async function compare(app: JupyterFrontEnd, session: NotebookSession): Promise<void> {
  const { around, overview } = session;
  const { words } = around;
  const version = overview.value?.published?.version ?? 0;
  await session.view.during('comparing', async () => {
    if (session.model.dirty) {
      await session.panel.context.save();
    }
    const found = await around.api.compare(session.path, 'version');
    const content = new ComparisonTab(words, found, words.publish.noDifference(version));
    showTab(app, session, 'compare', words.publish.compareTitle(session.name, version), content);
  });
}

/** Show in a tab what was edited by hand in the steps, with a button that builds them anew and keeps these edits. */
export async function mergeEdits(app: JupyterFrontEnd, session: NotebookSession): Promise<void> {
  const { api, words } = session.around;
  await session.view.during('comparing', async () => {
    const found = await api.compare(session.path, 'edits');
    const content = new ComparisonTab(words, found, words.steps.noEdits, {
      label: words.steps.mergeEdits,
      act: async () => {
        tab.dispose();
        app.shell.activateById(session.panel.id);
        app.shell.activateById('handoff-panel');
        await build(session);
      }
    });
    const tab = showTab(app, session, 'edits', words.steps.editsTitle(session.name), content);
  });
}
