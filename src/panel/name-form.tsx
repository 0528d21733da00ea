import * as React from 'react';

import { NotebookSession } from '../models/session';
import { LineForm } from './line-form';

/** One line inside a list: who does it. Nothing is done without a name. */
export function NameForm(props: {
  session: NotebookSession;
  label: string;
  onName: (name: string) => void;
  onClose: () => void;
}): JSX.Element {
  const words = props.session.around.words.live;
  return (
    <LineForm
      session={props.session}
      question={words.yourName}
      action={props.label}
      needed={words.nameNeeded}
      onLine={props.onName}
      onClose={props.onClose}
    />
  );
}
