import * as React from 'react';

import { ignore } from '../actions/ignoring';
import { Row } from '../logic/problems';
import { NotebookSession } from '../models/session';
import { LineForm } from './line-form';

/** One line: why a problem is ignored. What must be fixed is not ignored without a reason. */
export function IgnoreForm(props: { session: NotebookSession; row: Row }): JSX.Element {
  const { session, row } = props;
  const { view } = session;
  const words = session.around.words.check;
  return (
    <LineForm
      session={session}
      question={words.reason}
      action={words.ignore}
      needed={row.findings[0].severity === 'error' ? words.reasonNeeded : undefined}
      focusKey="ignore"
      onLine={reason => {
        if (view.ignoring) {
          void ignore(session, row.findings, view.ignoring.scope, reason);
        }
      }}
      onClose={() => {
        view.ignoring = null;
        view.focus(`problem:${row.key}`);
      }}
    />
  );
}
