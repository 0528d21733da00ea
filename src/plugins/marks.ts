import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICellModel } from '@jupyterlab/cells';
import { EditorExtensionRegistry, IEditorExtensionRegistry } from '@jupyterlab/codemirror';

import { cellMarks } from '../marks/cell-marks';
import { Handoff } from '../models/handoff';
import { IHandoff } from '../tokens';

/** Underlines, gutter marks and step strips in the code cells of notebooks. */
export const marks: JupyterFrontEndPlugin<void> = {
  id: 'handoff-ext:marks',
  description: 'Problems and steps in the cells themselves.',
  autoStart: true,
  requires: [IHandoff],
  optional: [IEditorExtensionRegistry],
  activate: (app: JupyterFrontEnd, handoff: Handoff, registry: IEditorExtensionRegistry | null) => {
    registry?.addExtension({
      name: 'handoff-ext:marks',
      factory: ({ model }) => {
        const cell = model as Partial<ICellModel>;
        return cell.type === 'code' && cell.sharedModel?.notebook
          ? EditorExtensionRegistry.createImmutableExtension(
              cellMarks(handoff, app.commands, cell as ICellModel)
            )
          : null;
      }
    });
  }
};
