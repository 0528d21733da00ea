import * as React from 'react';

/** Something to know, with what can be done about it. Failures are spoken at once and stay until closed. */
export function Note(props: {
  kind?: 'failed' | 'done' | 'plain';
  children: React.ReactNode;
  actions?: React.ReactNode;
}): JSX.Element {
  const kind = props.kind ?? 'plain';
  return (
    <div
      className={`jp-Handoff-note jp-mod-${kind}`}
      role={kind === 'failed' ? 'alert' : undefined}
    >
      <div>{props.children}</div>
      {props.actions ? <div className="jp-Handoff-actions">{props.actions}</div> : null}
    </div>
  );
}
