import * as React from 'react';

import { NotebookSession } from '../models/session';

/** What the third section will show: the model's inputs. */
export function InputsSection({ session }: { session: NotebookSession }): JSX.Element {
  const words = session.around.words.inputs;
  return (
    <>
      <p className="jp-Handoff-summary">{words.empty}</p>
      <p className="jp-Handoff-hint">{words.later}</p>
    </>
  );
}
