import { CommandRegistry } from '@lumino/commands';

import { ownStages, selectedCells } from '../actions/stepping';
import { CommandIDs } from '../commands';
import { NotebookSession } from '../models/session';
import { usualStages } from '../notebook/steptags';
import { openMenu } from '../panel/menu';

/**
 * The choices for a cell; for all selected ones where it is among them.
 *
 * @param selected the cells that were selected before the click, which itself selects one
 */
export function openStepMenu(
  commands: CommandRegistry,
  session: NotebookSession,
  anchor: HTMLElement,
  cellId: string,
  selected = selectedCells(session)
): void {
  const cells = selected.includes(cellId) ? selected : [cellId];
  const others = ownStages(session).filter(
    stage => !(usualStages as readonly string[]).includes(stage)
  );
  const steps = [
    'settings',
    ...[...usualStages, ...others].map(stage => `stage:${stage}`),
    'new',
    'skip',
    'clear'
  ];
  openMenu(
    commands,
    anchor,
    steps.map(step => ({ command: CommandIDs.setStep, args: { step, cells } }))
  );
}
