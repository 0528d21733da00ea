import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Handoff } from '../models/handoff';
import { Jobs } from '../models/jobs';
import { Settings } from '../models/settings';
import { TextFiles } from '../notebook/textfiles';
import { HandoffApi } from '../server/api';
import { IHandoff } from '../tokens';
import { makeWords } from '../words';

/** Id of this plugin, and of the settings. */
export const PLUGIN_ID = 'handoff-ext:plugin';

/** The models that everything else shows. */
export const core: JupyterFrontEndPlugin<Handoff> = {
  id: PLUGIN_ID,
  description: 'Knows the open notebooks, their problems, steps and jobs.',
  autoStart: true,
  provides: IHandoff,
  requires: [INotebookTracker],
  optional: [IDocumentManager, ISettingRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    documents: IDocumentManager | null,
    registry: ISettingRegistry | null,
    translator: ITranslator | null
  ): Handoff => {
    const { contents, events, serverSettings } = app.serviceManager;
    const api = new HandoffApi(serverSettings);
    const jobs = new Jobs(api, events);
    const settings = new Settings();
    registry?.load(PLUGIN_ID).then(
      loaded => settings.follow(loaded),
      error => console.error(`The settings of ${PLUGIN_ID} could not be read.`, error)
    );
    jobs.refresh().catch(() => undefined); // the panel says so when the server cannot be reached
    return new Handoff(tracker, {
      api,
      jobs,
      settings,
      files: new TextFiles(contents, documents, api),
      words: makeWords((translator ?? nullTranslator).load('handoff_ext')),
      baseUrl: serverSettings.baseUrl
    });
  }
};
