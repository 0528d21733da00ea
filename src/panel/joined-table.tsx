import * as React from 'react';

import { declareTable } from '../actions/declaring';
import { Join } from '../contracts';
import { NotebookSession } from '../models/session';
import { Button } from './button';
import { Row } from './input-row';

/** Another table that the notebook joins to its rows: where it comes from when the model answers, and the other way. */
export function JoinedTableRow({
  session,
  join
}: {
  session: NotebookSession;
  join: Join;
}): JSX.Element {
  const words = session.around.words.inputs;
  const said = session.plan.plan?.tables?.[join.table]?.kept;
  const now = said || join.kept;
  const other = now === 'with the row' ? 'lookup' : 'with the row';
  const label = words.table[other];
  return (
    <Row session={session} text={words.joined(join, said || null)} place={join.place}>
      {join.of_rows ? null : (
        <Button
          label={label}
          title={words.of(label, join.table)}
          quiet
          onPress={() => declareTable(session, join.table, other)}
        />
      )}
    </Row>
  );
}
