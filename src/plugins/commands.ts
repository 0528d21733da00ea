import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';

import { addNotebookCommands } from '../actions/notebook-commands';
import { addProblemCommands } from '../actions/problem-commands';
import { CommandIDs } from '../commands';
import { Handoff } from '../models/handoff';
import { IHandoff } from '../tokens';

/** What the palette lists, in the order of the road. */
const inPalette = [
  CommandIDs.showPanel,
  CommandIDs.check,
  CommandIDs.fixSafe,
  CommandIDs.preview,
  CommandIDs.nextProblem,
  CommandIDs.previousProblem,
  CommandIDs.setStep,
  CommandIDs.suggest,
  CommandIDs.testRun,
  CommandIDs.cancelJob,
  CommandIDs.publish,
  CommandIDs.compare,
  CommandIDs.showLive,
  CommandIDs.toggleMarks
];

/** All commands, and the palette's category. */
export const commands: JupyterFrontEndPlugin<void> = {
  id: 'handoff-ext:commands',
  description: 'The commands of Handoff.',
  autoStart: true,
  requires: [IHandoff],
  optional: [ICommandPalette],
  activate: (app: JupyterFrontEnd, handoff: Handoff, palette: ICommandPalette | null) => {
    addNotebookCommands(app, handoff);
    addProblemCommands(app, handoff);
    const { category } = handoff.around.words.commands;
    inPalette.forEach(command => palette?.addItem({ command, category }));
  }
};
