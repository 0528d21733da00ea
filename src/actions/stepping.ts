import { tagsOf } from '../notebook/celltext';
import { setTags } from '../notebook/change';
import { Step, stepOf, withStep } from '../notebook/steptags';
import { NotebookSession } from '../models/session';
import { offerUndo } from './fixing';

/** Ids of the selected code cells. */
export function selectedCells(session: NotebookSession): string[] {
  const notebook = session.panel.content;
  return notebook.widgets
    .filter(cell => cell.model.type === 'code' && notebook.isSelectedOrActive(cell))
    .map(cell => cell.model.id);
}

/** Say what cells are for: one choice, one undo step. */
export function setStep(session: NotebookSession, cellIds: string[], step: Step): void {
  const ids = new Set(cellIds);
  session.edits.step(() => {
    for (const cell of session.model.cells) {
      if (ids.has(cell.id)) {
        setTags(cell.sharedModel, withStep(tagsOf(cell), step));
      }
    }
  });
}

/** Steps that tags name in this notebook, beside the usual ones. */
export function ownStages(session: NotebookSession): string[] {
  const stages = [...session.model.cells].map(cell => stepOf(tagsOf(cell)));
  return [
    ...new Set(stages.flatMap(step => (typeof step === 'object' && step ? [step.stage] : [])))
  ];
}

/** Keep the suggested steps as tags, as one undo step. False where there were none to keep. */
export async function keepSuggestions(session: NotebookSession): Promise<boolean> {
  await session.steps.ask();
  const { change } = session.steps;
  if (!change || !(await session.edits.apply(change))) {
    return false;
  }
  offerUndo(session, session.around.words.steps.keptToast);
  return true;
}

/** Have each step make what cannot be handed over for itself, as one undo step. */
export async function makeAgain(session: NotebookSession): Promise<void> {
  await session.steps.ask();
  const { again } = session.steps;
  if (again && (await session.edits.apply(again.change))) {
    offerUndo(session, session.around.words.steps.againToast(again.name));
  }
}

/** Hand over another of several models: steps and inputs follow. */
export async function chooseModel(session: NotebookSession, variable: string): Promise<void> {
  await session.steps.choose(variable);
  await session.inputs.ask();
}
