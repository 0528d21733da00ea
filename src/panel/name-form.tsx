import * as React from 'react';

import { NotebookSession } from '../models/session';
import { Button } from './button';

/** One line inside a list: who does it. Nothing is done without a name. */
export function NameForm(props: {
  session: NotebookSession;
  label: string;
  onName: (name: string) => void;
  onClose: () => void;
}): JSX.Element {
  const { words } = props.session.around;
  const [name, setName] = React.useState('');
  const input = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => input.current?.focus(), []);
  const lacking = !name.trim();
  return (
    <div role="row">
      <div role="gridcell">
        <form
          className="jp-Handoff-ignore"
          data-free
          onSubmit={event => {
            event.preventDefault();
            if (!lacking) {
              props.onName(name.trim());
            }
          }}
        >
          <label>
            {words.live.yourName}
            <input
              ref={input}
              type="text"
              className="jp-mod-styled"
              value={name}
              required
              onChange={event => setName(event.target.value)}
              onKeyDown={event => {
                if (event.key === 'Escape') {
                  event.stopPropagation();
                  props.onClose();
                }
              }}
            />
          </label>
          <div className="jp-Handoff-actions">
            <button
              type="submit"
              className="jp-Handoff-button"
              aria-disabled={lacking || undefined}
              title={lacking ? words.live.nameNeeded : undefined}
            >
              {props.label}
            </button>
            <Button label={words.cancel} quiet onPress={props.onClose} />
          </div>
        </form>
      </div>
    </div>
  );
}
