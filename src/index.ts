import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { SidePanel } from '@jupyterlab/ui-components';

import { handoffIcon } from './icon';

const panel: JupyterFrontEndPlugin<void> = {
  id: 'handoff-ext:plugin',
  description: 'The Handoff sidebar.',
  autoStart: true,
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load('handoff_ext');
    const side = new SidePanel();
    side.id = 'handoff-panel';
    side.addClass('jp-Handoff');
    side.title.icon = handoffIcon;
    side.title.caption = trans.__('Handoff');
    app.shell.add(side, 'right', { rank: 600 });
  }
};

export default [panel];
