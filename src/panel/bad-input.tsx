import * as React from 'react';

import { declareBad, Outcome, saidOfBad } from '../actions/declaring';
import { BadInput } from '../contracts';
import { NotebookSession } from '../models/session';
import { Said } from './said';

const outcomes = ['reject', 'impute', 'flag'] as const;
/** What is marked where the plan says nothing; all else is refused. */
const marked: readonly string[] = ['unseen', 'out_of_range'];

/** What becomes of a row whose value in one column is bad: one choice a kind, kept in the plan. */
export function BadInputForm(props: { session: NotebookSession; column: string }): JSX.Element {
  const { session, column } = props;
  const words = session.around.words.inputs;
  const said = saidOfBad(session, column);
  const kinds = Object.keys(words.bad) as (keyof BadInput)[];
  return (
    <div role="row">
      <div role="gridcell" data-free>
        <fieldset className="jp-Handoff-fieldset">
          <legend>
            <Said text={words.badInputOf(column)} />
          </legend>
          {kinds.map(kind => (
            <div className="jp-Handoff-field jp-mod-inline" key={kind}>
              <label>
                {words.bad[kind]}{' '}
                <select
                  className="jp-mod-styled"
                  value={said[kind] ?? ''}
                  onChange={event =>
                    declareBad(session, column, kind, (event.target.value || null) as Outcome)
                  }
                >
                  <option value="">{words.usualOutcome(!marked.includes(kind))}</option>
                  {outcomes.map(outcome => (
                    <option key={outcome} value={outcome}>
                      {words.outcome[outcome]}
                    </option>
                  ))}
                </select>
              </label>
            </div>
          ))}
        </fieldset>
      </div>
    </div>
  );
}
