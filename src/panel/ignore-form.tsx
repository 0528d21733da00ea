import * as React from 'react';

import { ignore } from '../actions/ignoring';
import { Row } from '../logic/problems';
import { NotebookSession } from '../models/session';
import { Button } from './button';

/** One line: why a problem is ignored. What must be fixed is not ignored without a reason. */
export function IgnoreForm(props: { session: NotebookSession; row: Row }): JSX.Element {
  const { session, row } = props;
  const { view, around } = session;
  const words = around.words.check;
  const [reason, setReason] = React.useState('');
  const [first] = row.findings;
  const needed = first.severity === 'error' && !reason.trim();
  const input = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => input.current?.focus(), []);

  const close = () => {
    view.ignoring = null;
    view.focus(`problem:${row.key}`);
  };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (!needed && view.ignoring) {
      void ignore(session, row.findings, view.ignoring.scope, reason.trim());
    }
  };
  return (
    <div role="row">
      <div role="gridcell">
        <form className="jp-Handoff-ignore" data-free onSubmit={submit}>
          <label>
            {words.reason}
            <input
              ref={input}
              data-focus="ignore"
              type="text"
              className="jp-mod-styled"
              value={reason}
              required={first.severity === 'error'}
              onChange={event => setReason(event.target.value)}
              onKeyDown={event => {
                if (event.key === 'Escape') {
                  event.stopPropagation();
                  close();
                }
              }}
            />
          </label>
          <div className="jp-Handoff-actions">
            <button
              type="submit"
              className="jp-Handoff-button"
              aria-disabled={needed || undefined}
              title={needed ? words.reasonNeeded : undefined}
            >
              {words.ignore}
            </button>
            <Button label={around.words.cancel} quiet onPress={close} />
          </div>
        </form>
      </div>
    </div>
  );
}
