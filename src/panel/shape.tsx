import * as React from 'react';

export type ShapeName = 'must' | 'should' | 'good' | 'ready' | 'open';

const PATHS: Record<ShapeName, string> = {
  must: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM5.6 4.5 4.5 5.6 6.9 8l-2.4 2.4 1.1 1.1L8 9.1l2.4 2.4 1.1-1.1L9.1 8l2.4-2.4-1.1-1.1L8 6.9z',
  should: 'M8 1.2 15.4 14.5H.6zM7.2 6v4.2h1.6V6zm0 5.3v1.6h1.6v-1.6z',
  good: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm0 1.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM7.2 7v4.5h1.6V7zm0-2.5V6h1.6V4.5z',
  ready: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM11.3 4.7 6.9 9.1 4.7 6.9 3.6 8l3.3 3.3 5.5-5.5z',
  open: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z'
};

/** A mark that differs in shape, colour and word. */
export function Shape(props: { name: ShapeName; word: string }): JSX.Element {
  return (
    <span className={`jp-Handoff-shape jp-mod-${props.name}`}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path fillRule="evenodd" d={PATHS[props.name]} />
      </svg>
      <span className="jp-Handoff-spoken">{props.word}: </span>
    </span>
  );
}

/** A triangle that points to what is folded, or down to what is not. */
export function Caret(props: { open: boolean }): JSX.Element {
  return (
    <svg className="jp-Handoff-caret" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d={props.open ? 'M3 5.5h10L8 11z' : 'M5.5 3v10L11 8z'} />
    </svg>
  );
}

/** Three dots: more can be done here. */
export function Dots(): JSX.Element {
  return (
    <svg className="jp-Handoff-caret" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d="M1.5 6.5h3v3h-3zm5 0h3v3h-3zm5 0h3v3h-3z" />
    </svg>
  );
}
