import { NotebookSession } from '../models/session';

/** Say in the plan whether a raw column is known when deciding, and why, and look at the inputs again. */
export async function declare(
  session: NotebookSession,
  column: string,
  known: boolean,
  reason?: string
): Promise<void> {
  const { plan, inputs } = session;
  const columns = plan.plan?.columns ?? {};
  const before = columns[column] ?? { personal: false, unit: '', reason: '' };
  const said = { ...before, known_when_deciding: known, reason: reason ?? before.reason };
  plan.set('columns', { ...columns, [column]: said });
  if (await plan.save()) {
    await inputs.ask();
  }
}
