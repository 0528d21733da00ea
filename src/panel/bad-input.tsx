import * as React from 'react';

import { declareBad, Outcome, saidOfBad } from '../actions/declaring';
import { BadInput } from '../contracts';
import { NotebookSession } from '../models/session';
import { Said } from './said';

const outcomes = ['reject', 'impute', 'flag'] as const;
/** What is marked where the plan says nothing; all else is refused. */
const marked: readonly string[] = ['unseen', 'out_of_range'];

/** What a value of a type cannot be: a number is out of range or not, a choice was seen or not. */
const never = {
  number: 'unseen',
  date: 'unseen',
  duration: 'unseen',
  boolean: 'out_of_range',
  category: 'out_of_range',
  text: 'out_of_range'
} as const;

/** What becomes of a row whose value in one column is bad: one choice a kind, kept in the plan. */
export function BadInputForm(props: {
  session: NotebookSession;
  column: string;
  type: string;
}): JSX.Element {
  const { session, column, type } = props;
  const id = React.useId();
  const words = session.around.words.inputs;
  const said = saidOfBad(session, column);
  const kinds = (Object.keys(words.bad) as (keyof BadInput)[]).filter(
    kind => kind !== never[type as keyof typeof never]
  );
  return (
    <div role="row">
      <div role="gridcell" data-free>
        <fieldset className="jp-Handoff-fieldset">
          <legend>
            <Said text={words.badInputOf(column)} />
          </legend>
          {kinds.map(kind => (
            <div className="jp-Handoff-field" key={kind}>
              <label htmlFor={`${id}-${kind}`}>{words.bad[kind]}</label>
              <select
                id={`${id}-${kind}`}
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
            </div>
          ))}
        </fieldset>
      </div>
    </div>
  );
}
