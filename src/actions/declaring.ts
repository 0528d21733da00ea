import { BadInput, Column, JoinedTable } from '../contracts';
import { NotebookSession } from '../models/session';

/** What becomes of a row with a bad value; null: as usual. */
export type Outcome = BadInput[keyof BadInput];

/** Say in the plan whether a raw column is known when deciding, and why, and look at the inputs again. */
export async function declare(
  session: NotebookSession,
  column: string,
  known: boolean,
  reason?: string
): Promise<void> {
  const before = said(session, column);
  put(session, column, { known_when_deciding: known, reason: reason ?? before.reason ?? '' });
  if (await session.plan.save()) {
    await session.inputs.ask();
  }
}

/** Say in the plan what becomes of a row with a bad value of this kind in a raw column; it is saved soon. */
export function declareBad(
  session: NotebookSession,
  column: string,
  kind: keyof BadInput,
  outcome: Outcome
): void {
  put(session, column, {
    bad_input: { ...said(session, column).bad_input, [kind]: outcome } as BadInput
  });
}

/** Say in the plan whether a joined table is kept with the model or comes with each row; it is saved soon. */
export function declareTable(
  { plan }: NotebookSession,
  table: string,
  kept: JoinedTable['kept']
): void {
  const tables = plan.plan?.tables ?? {};
  plan.set('tables', { ...tables, [table]: { reason: tables[table]?.reason ?? '', kept } });
}

/** What the plan says of bad values in a raw column. */
export function saidOfBad(session: NotebookSession, column: string): Partial<BadInput> {
  return said(session, column).bad_input ?? {};
}

function said({ plan }: NotebookSession, column: string): Partial<Column> {
  return plan.plan?.columns?.[column] ?? { personal: false, unit: '', reason: '' };
}

/** Columns may have dots in their names, so the whole mapping is set. */
function put(session: NotebookSession, column: string, change: Partial<Column>): void {
  const columns = session.plan.plan?.columns ?? {};
  session.plan.set('columns', {
    ...columns,
    [column]: { ...said(session, column), ...change }
  });
}
