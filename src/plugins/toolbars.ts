import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import { Cell } from '@jupyterlab/cells';
import { NotebookPanel } from '@jupyterlab/notebook';

import { selectedCells } from '../actions/stepping';
import { openStepMenu } from '../marks/step-menu';
import { Handoff } from '../models/handoff';
import { HandOffButton, StepButton } from '../panel/toolbar-buttons';
import { IHandoff } from '../tokens';

/** The button "Hand off" of each notebook, and the one of each cell that sets its step. */
export const toolbars: JupyterFrontEndPlugin<void> = {
  id: 'handoff-ext:toolbars',
  description: 'Handoff in the toolbars of notebooks and cells.',
  autoStart: true,
  requires: [IHandoff],
  optional: [IToolbarWidgetRegistry],
  activate: (app: JupyterFrontEnd, handoff: Handoff, registry: IToolbarWidgetRegistry | null) => {
    registry?.addFactory<NotebookPanel>(
      'Notebook',
      'handoff',
      panel => new HandOffButton(handoff, panel, app.commands)
    );
    registry?.addFactory<Cell>('Cell', 'handoff-step', cell => {
      const session = () => handoff.of(cell.model.sharedModel.notebook);
      let selected: string[] | undefined;
      return new StepButton(handoff, cell, {
        before: () => {
          const here = session();
          selected = here ? selectedCells(here) : undefined;
        },
        open: anchor => {
          const here = session();
          if (here) {
            openStepMenu(app.commands, here, anchor, cell.model.id, selected);
          }
          selected = undefined;
        }
      });
    });
  }
};
