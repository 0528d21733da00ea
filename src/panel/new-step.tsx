import * as React from 'react';

import { setStep } from '../actions/stepping';
import { isStageName } from '../notebook/steptags';
import { NotebookSession } from '../models/session';
import { Button } from './button';

/** One line: the name of a new step, for the cells that were chosen. */
export function NewStep(props: { session: NotebookSession; cells: string[] }): JSX.Element {
  const { session, cells } = props;
  const { view, around } = session;
  const words = around.words.steps;
  const [name, setName] = React.useState('');
  const input = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => input.current?.focus(), []);
  const stage = name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  const fits = isStageName(stage);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (fits) {
      setStep(session, cells, { stage });
      view.naming = null;
      view.focus('section:steps');
    }
  };
  return (
    <form className="jp-Handoff-ignore" onSubmit={submit}>
      <label>
        {words.newName}
        <input
          ref={input}
          data-focus="new-step"
          type="text"
          className="jp-mod-styled"
          value={name}
          onChange={event => setName(event.target.value)}
        />
      </label>
      <div className="jp-Handoff-actions">
        <button
          type="submit"
          className="jp-Handoff-button"
          aria-disabled={!fits || undefined}
          title={fits ? undefined : words.newNameWrong}
        >
          {words.newNameAdd}
        </button>
        <Button
          label={around.words.cancel}
          quiet
          onPress={() => {
            view.naming = null;
          }}
        />
      </div>
    </form>
  );
}
