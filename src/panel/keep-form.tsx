import * as React from 'react';

import { declare } from '../actions/declaring';
import { NotebookSession } from '../models/session';
import { LineForm } from './line-form';

/** One line: why a column is known when deciding. It is kept in the plan and shown on the card. */
export function KeepForm(props: {
  session: NotebookSession;
  column: string;
  onClose: () => void;
}): JSX.Element {
  const { session, column, onClose } = props;
  const words = session.around.words.inputs;
  return (
    <LineForm
      session={session}
      question={words.keepWhy}
      action={words.keep}
      needed={words.keepNeeded}
      onLine={reason => {
        onClose();
        void declare(session, column, true, reason);
      }}
      onClose={onClose}
    />
  );
}
