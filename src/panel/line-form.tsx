import * as React from 'react';

import { NotebookSession } from '../models/session';
import { Button } from './button';

/** One line to type, inside a list. Where `needed` says why, nothing is done without it. */
export function LineForm(props: {
  session: NotebookSession;
  question: string;
  action: string;
  needed?: string;
  focusKey?: string;
  onLine: (line: string) => void;
  onClose: () => void;
}): JSX.Element {
  const { session, question, action, needed, focusKey, onLine, onClose } = props;
  const [line, setLine] = React.useState('');
  const input = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => input.current?.focus(), []);
  const lacking = needed !== undefined && !line.trim();
  return (
    <div role="row">
      <div role="gridcell">
        <form
          className="jp-Handoff-ignore"
          data-free
          onSubmit={event => {
            event.preventDefault();
            if (!lacking) {
              onLine(line.trim());
            }
          }}
        >
          <label>
            {question}
            <input
              ref={input}
              data-focus={focusKey}
              type="text"
              className="jp-mod-styled"
              value={line}
              required={needed !== undefined}
              onChange={event => setLine(event.target.value)}
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
              title={lacking ? needed : undefined}
            >
              {action}
            </button>
            <Button label={session.around.words.cancel} quiet onPress={onClose} />
          </div>
        </form>
      </div>
    </div>
  );
}
