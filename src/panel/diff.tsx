import * as React from 'react';

/** A diff, line by line: what goes with "-", what comes with "+", and over each part where it is, "@@ cell 3 @@". */
export function Diff(props: { text: string; label: string }): JSX.Element {
  const lines = props.text.split('\n').filter(line => line);
  return (
    // A scrolling region must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="jp-Handoff-diff" role="region" aria-label={props.label} tabIndex={0} data-free>
      {lines.map((line, index) => (
        <code key={index} className={kindOf(line)}>
          {line.replace(/^@@ (.*) @@$/, '$1')}
        </code>
      ))}
    </div>
  );
}

function kindOf(line: string): string {
  const kinds: Record<string, string> = {
    '-': 'jp-mod-gone',
    '+': 'jp-mod-new',
    '@': 'jp-mod-place'
  };
  return kinds[line[0]] ?? '';
}
