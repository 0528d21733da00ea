import { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';

import { handoffIcon } from '../icon';
import { NotebookSession } from '../models/session';

/** Show something about a notebook in a tab after it; a tab of the same name is replaced. It closes with the notebook. */
export function showTab(
  app: JupyterFrontEnd,
  session: NotebookSession,
  name: string,
  title: string,
  content: Widget
): MainAreaWidget {
  const { panel } = session;
  const id = `handoff-${name}-${panel.id}`;
  [...app.shell.widgets('main')].find(widget => widget.id === id)?.dispose();
  const tab = new MainAreaWidget({ content });
  tab.id = id;
  tab.title.label = title;
  tab.title.icon = handoffIcon;
  tab.title.closable = true;
  const close = () => tab.dispose();
  panel.disposed.connect(close);
  tab.disposed.connect(() => panel.disposed.disconnect(close));
  app.shell.add(tab, 'main', { ref: panel.id, mode: 'tab-after' });
  app.shell.activateById(tab.id);
  return tab;
}
