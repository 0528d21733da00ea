import { NotebookSession } from '../models/session';

/** Say in the plan whether a raw column is known when deciding, and look at the inputs again. */
export async function declare(
  session: NotebookSession,
  column: string,
  known: boolean
): Promise<void> {
  const { plan, inputs } = session;
  const columns = plan.plan?.columns ?? {};
  const before = columns[column] ?? { personal: false, unit: '', reason: '' };
  plan.set('columns', { ...columns, [column]: { ...before, known_when_deciding: known } });
  if (await plan.save()) {
    await inputs.ask();
  }
}
