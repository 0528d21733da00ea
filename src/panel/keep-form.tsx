import * as React from 'react';

import { declare } from '../actions/declaring';
import { NotebookSession } from '../models/session';
import { Button } from './button';

/** One line: why a column is known when deciding. It is kept in the plan and shown on the card. */
export function KeepForm(props: {
  session: NotebookSession;
  column: string;
  onClose: () => void;
}): JSX.Element {
  const { session, column, onClose } = props;
  const { words } = session.around;
  const [reason, setReason] = React.useState('');
  const input = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => input.current?.focus(), []);
  const lacking = !reason.trim();
  return (
    <div role="row">
      <div role="gridcell">
        <form
          className="jp-Handoff-ignore"
          data-free
          onSubmit={event => {
            event.preventDefault();
            if (!lacking) {
              onClose();
              void declare(session, column, true, reason.trim());
            }
          }}
        >
          <label>
            {words.inputs.keepWhy}
            <input
              ref={input}
              type="text"
              className="jp-mod-styled"
              value={reason}
              required
              onChange={event => setReason(event.target.value)}
              onKeyDown={event => {
                if (event.key === 'Escape') {
                  event.stopPropagation();
                  onClose();
                }
              }}
            />
          </label>
          <div className="jp-Handoff-actions">
            <button
              type="submit"
              className="jp-Handoff-button"
              aria-disabled={lacking || undefined}
              title={lacking ? words.inputs.keepNeeded : undefined}
            >
              {words.inputs.keep}
            </button>
            <Button label={words.cancel} quiet onPress={onClose} />
          </div>
        </form>
      </div>
    </div>
  );
}
