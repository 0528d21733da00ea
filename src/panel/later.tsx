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

/** What the fifth section will show: models in use. */
export function LiveSection({ session }: { session: NotebookSession }): JSX.Element {
  const words = session.around.words.live;
  const published = session.overview.value?.published;
  return (
    <>
      <p className="jp-Handoff-summary">
        {published ? words.published(published.name, published.version) : words.empty}
      </p>
      <p className="jp-Handoff-hint">{words.later}</p>
    </>
  );
}
