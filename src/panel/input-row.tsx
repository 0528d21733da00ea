import * as React from 'react';

import { goToCell } from '../actions/jump';
import { Place } from '../contracts';
import { NotebookSession } from '../models/session';
import { plain, Said } from './said';
import { Shape } from './shape';

/** A sentence that leads to its line. */
export function Row(props: {
  session: NotebookSession;
  text: string;
  place: Place | null;
  doubtful?: boolean;
  children?: React.ReactNode;
}): JSX.Element {
  const { session, text, place } = props;
  const { words } = session.around;
  return (
    <div role="row" className="jp-Handoff-row jp-mod-problem">
      <div role="gridcell" className="jp-Handoff-what">
        <button
          type="button"
          className="jp-Handoff-go"
          aria-disabled={place ? undefined : true}
          title={place ? undefined : words.inputs.noLine}
          aria-label={place ? undefined : `${plain(text)}. ${words.inputs.noLine}`}
          onClick={() => (place ? void goToCell(session, place.cell_id, place.line) : undefined)}
        >
          {props.doubtful ? <Shape name="should" word={words.inputs.doubt} /> : null}
          <span>
            <Said text={text} />
          </span>
        </button>
      </div>
      <div role="gridcell" className="jp-Handoff-actions">
        {place ? (
          <span className="jp-Handoff-place">
            {words.place(session.numberOf(place.cell_id), place.line)}
          </span>
        ) : null}
        {props.children}
      </div>
    </div>
  );
}
